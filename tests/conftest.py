"""What holds for every test: no network, no settings of the person who runs them, no clock in the verdict."""

from __future__ import annotations

import os
import signal
import sys

from hypothesis import settings

for name in [name for name in os.environ if name.startswith("SHIRUBE_")]:
    del os.environ[name]
os.environ |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}

if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # as in a shell's background, and passed on to what tests start
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("shirube", deadline=None)  # a busy machine is no failure
settings.load_profile("shirube")


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse to connect to another machine or to look up its name."""
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "localhost"  # a Unix socket is a path
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if host not in (None, "", "localhost", "127.0.0.1", "::1"):
        raise OSError(f"tests have no network, not even to {host!r}")


sys.addaudithook(_refuse_network)
