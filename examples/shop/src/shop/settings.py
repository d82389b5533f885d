"""What the environment decides; read once, at boot."""

from functools import lru_cache

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_")

    database_url: str = "postgresql+asyncpg://localhost/shop"
    payment_url: str = "https://payments.example.com"
    payment_key: SecretStr
    mail_url: str = "https://mail.example.com"
    stock_path: str = "/var/lib/shop/stock.json"
    reminder_interval: float = 300.0


@lru_cache
def get_settings() -> Settings:
    return Settings()
