"""The application served by this process, so that its clock can be stopped."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

STOPS_WITHIN = 10


@contextmanager
def serving() -> Iterator[str]:
    """The address of the server, for as long as the block runs."""
    from icm.asgi import application  # it lists the static files when imported: not before they are collected

    with socket.create_server(("127.0.0.1", 0)) as door:
        config = uvicorn.Config(application, lifespan="off", log_level="warning", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(STOPS_WITHIN)
