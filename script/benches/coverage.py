"""The coverage engine against shapely's union, difference and pairwise intersection: CPU, memory, recall, false findings.

Every figure is taken in a process of its own, after the patchwork was made there and freed memory given back. “CPU” is user and system
time of the process with its children; extra memory is the peak above what the polygons themselves take.
"""

import argparse
import ctypes
import gc
import math
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from benches.setting import setting
from layers.sample.patchwork import Patchwork, patchwork
from layers.sample.streets import streets
from planning.coverage.examination import Examination, examined
from planning.coverage.widths import NOISE_M, wider

DEFECTS = 600
ALL_OFF_M = 0.01
Measured = dict[str, Any]
Act = Callable[[Patchwork], Examination | None]


@dataclass(frozen=True, slots=True)
class Case:
    """How a patchwork is made. `known`: that its truth is complete, so that what is found beside it is false."""

    make: Callable[[], Patchwork]
    known: bool = True


def options(parser: argparse.ArgumentParser) -> None:
    """How much is measured."""
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 500_000, 1_000_000], help="polygons")
    parser.add_argument("--hard", type=int, nargs="*", default=[10_000, 100_000], help="polygons drawn each on its own")
    parser.add_argument("--spotless", type=int, nargs="*", default=[1_000_000], help="polygons without a single defect")
    parser.add_argument("--giant", type=int, nargs="*", default=[100_000], help="neighbours of one giant polygon")
    parser.add_argument("--shapely-up-to", type=int, default=1_000_000, help="largest size that shapely is measured on")


def run(asked: argparse.Namespace) -> dict[str, object]:
    """Measure every size, print a line each, tell the growth."""
    clean = [_compared(size, 0.0, asked) for size in asked.sizes]
    hard = [_compared(size, jitter, asked) for size in asked.hard for jitter in (0.01, 0.05)]
    growth = _growth(clean) if len(clean) > 1 else None
    if growth is not None:
        print(f"growth of the engine's CPU: size ^ {growth:.3f}")
    spotless = [_told("without a defect", Case(partial(patchwork, size))) for size in asked.spotless]
    giant = [row for size in asked.giant for row in _giant(size)]
    return {**setting(None, ("shapely", "numpy")), "geos": shapely.geos_version_string, "defects": DEFECTS, "clean": clean,
        "drawn_apart": hard, "growth_exponent": growth, "spotless": spotless, "giant": giant}  # fmt: skip


def _compared(size: int, jitter_m: float, asked: argparse.Namespace) -> Measured:
    rivals = {"union and difference": _union, "pairwise intersection": _pairs} if size <= asked.shapely_up_to else {}
    defects = 0 if jitter_m else min(DEFECTS, size // 40)
    case = Case(partial(patchwork, size, defects=defects, jitter_m=jitter_m), known=not jitter_m)
    found = {name: _apart(case, act) for name, act in {"engine": _engine, **rivals}.items()}
    engine = found["engine"]
    row = {"polygons": engine["polygons"], "vertices": engine["vertices"], "jitter_m": jitter_m, "methods": found}
    text = f"{engine['polygons']:>9,} polygons, jitter {jitter_m:g} m: engine {engine['cpu_s']:.2f} s CPU"
    text += f", {engine['bytes_a_vertex']:.1f} bytes a vertex"
    if rivals:
        both = [found[name]["cpu_s"] for name in rivals]
        row["ratio"] = sum(both) / engine["cpu_s"]
        text += f"; union {both[0]:.2f} + pairs {both[1]:.2f} s = {row['ratio']:.1f} ×"
    if not jitter_m:
        text += f"; {engine['found']} of {engine['planted']} found, {engine['false']} false"
    print(text, flush=True)
    return row


def _giant(size: int) -> list[Measured]:
    """One polygon with so many neighbours: all fit, some hundred are off, every one of them is off by a centimetre."""
    cases = {
        "all fit": Case(partial(streets, size)),
        f"{DEFECTS} off": Case(partial(streets, size, off=DEFECTS)),
        f"all off by {ALL_OFF_M * 100:g} cm": Case(partial(streets, size, off=size, width_m=ALL_OFF_M)),
    }
    return [_told(f"one giant polygon, {name}", case) for name, case in cases.items()]


def _told(name: str, case: Case) -> Measured:
    """The engine alone, and a line about it. `any_width` counts what is found down to the last bit: 0 where nothing was planted."""
    row = {"case": name, **_apart(case, _engine)}
    text = f"{row['polygons']:>9,} polygons, {name}: {row['cpu_s']:.2f} s CPU, {row['extra_mib']:.0f} MiB"
    text += f"; {row['found']} of {row['planted']} found, {row['false']} false, {row['any_width']} of any width"
    print(text, flush=True)
    return row


def _engine(work: Patchwork) -> Examination:
    return examined(work.shapes, work.extent)


def _union(work: Patchwork) -> None:
    shapely.difference(work.extent, shapely.union_all(work.shapes))


def _pairs(work: Patchwork) -> None:
    first, second = shapely.STRtree(work.shapes).query(work.shapes, predicate="intersects")
    once = first < second
    shapely.intersection(work.shapes[first[once]], work.shapes[second[once]])


def _apart(case: Case, act: Act) -> Measured:
    """Run in a process of its own."""
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_measured, args=(case, act, theirs))
    process.start()
    theirs.close()
    try:
        result: Measured = ours.recv()
    except EOFError:
        raise SystemExit("the process that measured ended without an answer: too little memory?") from None
    process.join()
    return result


def _measured(case: Case, act: Act, out: Any) -> None:
    work = case.make()
    vertices = int(shapely.get_num_coordinates(work.shapes).sum())
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    before, cpu, began = _memory("VmRSS"), _cpu(), time.perf_counter()
    seen = act(work)
    figures = {
        "polygons": len(work.shapes),
        "vertices": vertices,
        "cpu_s": _cpu() - cpu,
        "wall_s": time.perf_counter() - began,
    }
    extra = _memory("VmHWM") - before
    figures |= {"extra_mib": extra / 2**20, "bytes_a_vertex": extra / vertices}
    if seen is not None and case.known:
        figures |= _judged(work, seen)
    out.send(figures)


def _judged(work: Patchwork, seen: Examination) -> dict[str, int]:
    """How many planted defects were found as planted, and how much more than noise was found beside them."""
    found = [("gap", gap) for gap in seen.gaps] + [("overlap", one.shape) for one in seen.overlaps]
    found += [("overhang", one.shape) for one in seen.overhangs]
    any_width = len(found)
    if not found:
        return {"planted": len(work.truth), "found": 0, "false": 0, "any_width": 0}
    wide = wider(np.array([shape for _, shape in found], dtype=object), NOISE_M)
    found = [one for one, kept in zip(found, wide, strict=True) if kept]
    tree = shapely.STRtree([shape for _, shape in found])
    used: set[int] = set()
    for planted in work.truth:
        band = 1e-6 * planted.shape.length
        near = [
            int(place) for place in tree.query(planted.shape) if found[place][0] == planted.kind and place not in used
            and found[place][1].symmetric_difference(planted.shape).area <= band
        ]  # fmt: skip
        used.update(near[:1])
    return {"planted": len(work.truth), "found": len(used), "false": len(found) - len(used), "any_width": any_width}


def _growth(rows: list[Measured]) -> float:
    """The exponent of a power law through the engine's CPU times."""
    size = [math.log(row["polygons"]) for row in rows]
    cpu = [math.log(row["methods"]["engine"]["cpu_s"]) for row in rows]
    return float(np.polyfit(size, cpu, 1)[0])


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _memory(what: str) -> int:
    """A line of /proc/self/status, bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))
