"""`cancelled_caught` is True only if the scope caught the cancellation at its end."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0", "trio==0.35.0"]
# ///

import anyio
from anyio.lowlevel import checkpoint


async def main() -> None:
    with anyio.move_on_after(0.05) as scope:
        await anyio.sleep(60)
    print("  timed out:", scope.cancelled_caught)

    with anyio.move_on_after(60) as scope:
        await checkpoint()
        scope.cancel()  # the block has nothing left to await
    print("  cancelled too late:", scope.cancelled_caught)
    print("  cancel was called:", scope.cancel_called)

    try:
        with anyio.fail_after(0.05):
            await anyio.sleep(60)
    except TimeoutError:
        print("  fail_after raised TimeoutError")

    with anyio.fail_after(60) as scope:
        scope.cancel()
        await anyio.sleep(60)
    print("  fail_after, cancelled by hand: no error")


for backend in "asyncio", "trio":
    print(backend)
    anyio.run(main, backend=backend)
