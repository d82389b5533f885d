"""The application: what starts, what stops, and what an unexpected error becomes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from shop.clients import mail, payments, warehouses
from shop.errors import ShopError, report
from shop.jobs import reminders, watch_stock
from shop.routes import router
from shop.services import warm_up
from shop.settings import get_settings


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    engine = create_async_engine(get_settings().database_url)
    app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
    app.state.customer_sessions = sessionmaker(create_engine(get_settings().customers_url))
    for warehouse in warehouses.values():
        warehouse.http.get(f"{warehouse.url}/health", timeout=2).raise_for_status()
    await warm_up()
    reminders.start()
    watcher = asyncio.create_task(watch_stock())
    yield
    watcher.cancel()
    with suppress(asyncio.CancelledError):
        await watcher
    await reminders.stop()
    await asyncio.gather(mail.close(), payments.close())
    await engine.dispose()


app = FastAPI(title="shop", lifespan=lifespan)
app.include_router(router)


@app.middleware("http")
async def with_session(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    async with request.app.state.sessions() as session:
        request.state.session = session
        return await call_next(request)


@app.exception_handler(ShopError)
async def on_shop_error(request: Request, error: ShopError) -> JSONResponse:
    report("request_failed", error, path=request.url.path)
    return JSONResponse({"detail": str(error)}, status_code=500)
