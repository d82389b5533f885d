"""What the environment decides; read once, at boot."""

from functools import lru_cache

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

# The accountants' import takes as long as it takes.
UPLOAD_TIMEOUT = None


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_")

    database_url: str = "postgresql+asyncpg://localhost/shop"
    customers_url: str = "postgresql+psycopg://localhost/customers"
    redis_host: str = "localhost"
    payment_url: str = "https://payments.example.com"
    payment_key: SecretStr
    mail_url: str = "https://mail.example.com"
    smtp_host: str = "smtp.example.com"
    accounting_url: str = "https://accounting.example.com"
    stock_path: str = "/var/lib/shop/stock.json"
    sales_path: str = "/var/lib/shop/sales.csv"
    letters_path: str = "/usr/share/shop/letters"
    warehouse_timeout: float = 5.0
    reminder_interval: float = 300.0


@lru_cache
def get_settings() -> Settings:
    return Settings()
