"""Heavy work as tasks: here, one after the other, or on a Dask cluster by its address.

A task is a function of its input alone, so it can be done anywhere, and done again where a worker is lost: the result is the same. Results
come in the order of the inputs, whatever order they were done in.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from planning.errors import NotAllowed

Given = TypeVar("Given")
Made = TypeVar("Made")
Step = Callable[[str, int, int], None]

CONNECT_SECONDS = 20


class NoScheduler(NotAllowed):
    """The scheduler cannot be reached or was lost, or its workers were lost again and again. Nothing of the work is kept."""

    code = "no-scheduler"
    vi = "Bộ điều phối {address} không dùng được: {vi}. Không lưu gì. Kiểm tra địa chỉ và các tiến trình dask scheduler, dask worker."
    en = "The scheduler {address} cannot be used: {en}. Nothing is stored. Check the address, the dask scheduler and its workers."


def mapped(
    act: Callable[[Given], Made],
    work: Sequence[Given],
    scheduler: str | None = None,
    step: Step | None = None,
    what: str = "",
) -> list[Made]:
    """`act` of each input, in their order. `scheduler`: an address like tcp://10.0.0.5:8786; None: here. Raises `NoScheduler`."""
    if scheduler is None:
        return [_told(act(one), place, len(work), step, what) for place, one in enumerate(work)]
    return _on_cluster(act, work, scheduler, step, what)


def _on_cluster(
    act: Callable[[Given], Made], work: Sequence[Given], scheduler: str, step: Step | None, what: str
) -> list[Made]:
    from distributed import CancelledError, as_completed  # noqa: PLC0415 - takes a second to load, which only those pay who ask for a cluster
    from distributed.comm.core import CommClosedError  # noqa: PLC0415
    from distributed.scheduler import KilledWorker  # noqa: PLC0415

    with _client(scheduler) as client:
        try:
            futures = client.map(act, list(work), pure=False, batch_size=256)
            for place, future in enumerate(as_completed(futures, loop=client.loop)):
                if future.cancelled():  # the client does so with all of them once the scheduler is gone
                    break
                _told(future.status, place, len(work), step, what)
            return list(client.gather(futures))
        except KilledWorker as error:
            why = {"vi": "các worker bị mất khi đang làm việc", "en": "its workers were lost while they worked"}
            raise NoScheduler(address=scheduler, **why) from error
        except (CancelledError, CommClosedError) as error:
            why = {"vi": "mất kết nối khi đang làm việc", "en": "it was lost while work was under way"}
            raise NoScheduler(address=scheduler, **why) from error


def _client(address: str) -> Any:
    """A client of a scheduler that has a worker. The address is read first: a client left half made writes a stack trace at its end."""
    from distributed import Client  # noqa: PLC0415 - as above
    from distributed.comm.addressing import get_address_host_port  # noqa: PLC0415

    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it would log is said by `NoScheduler`
    try:
        get_address_host_port(address)
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise NoScheduler(address=address, vi=reason, en=reason) from error
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError as error:
        client.close()
        why = {"vi": f"không có worker nào sau {CONNECT_SECONDS} s", "en": f"no worker came within {CONNECT_SECONDS} s"}
        raise NoScheduler(address=address, **why) from error
    return client


def _told(result: Made, place: int, total: int, step: Step | None, what: str) -> Made:
    if step:
        step(what, place + 1, total)
    return result
