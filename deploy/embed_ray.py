"""Compute all shards of a list of texts on a Ray cluster: `python embed_ray.py WORK --shards 8`.

WORK, made by `shirube ingest … --plan WORK`, is a folder that every machine of the cluster sees under the
same name; the vectors are written into it. Each machine needs `pip install ray` beside shirube. Without a
cluster Ray starts one worker for each core of this machine. A second run computes only what is missing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import ray


@ray.remote(num_cpus=1, max_retries=3)  # again elsewhere if the machine goes away; Ray gives it one thread
def embed(work: str, shard: str) -> str:
    """Compute one shard; what it is told is one line of JSON."""
    command = [sys.executable, "-m", "ui.cli", "embed", work, "--shard", shard, "--json"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return done.stdout.strip()


def main() -> None:
    """Print a line for each shard as it gets done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work")
    parser.add_argument("--shards", type=int, required=True)
    parser.add_argument("--address", help="of the cluster; `auto` finds the one of this machine")
    args = parser.parse_args()
    ray.init(address=args.address)
    work = str(Path(args.work).resolve())
    waiting = [embed.remote(work, f"{n}/{args.shards}") for n in range(1, args.shards + 1)]
    while waiting:
        done, waiting = ray.wait(waiting)
        print(*ray.get(done), sep="\n", flush=True)


if __name__ == "__main__":
    main()
