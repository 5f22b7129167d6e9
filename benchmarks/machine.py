"""What a measurement was made on: without it a number means nothing."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info


def describe_machine() -> dict[str, str]:
    """Return processor, cores, load and the versions that decide the speed."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "load before": _load(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "Python": platform.python_version(),
        "NumPy": f"{np.__version__} with {_blas()}",
        "Streamlit": version("streamlit"),
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _load() -> str:
    """Return how many processes have wanted a core of late, where the system tells."""
    if not hasattr(os, "getloadavg"):
        return "unknown"
    minute, five_minutes, _ = os.getloadavg()
    return f"{minute:.2f} in the last minute, {five_minutes:.2f} in the last five"


def _blas() -> str:
    names = [
        f"{library['internal_api']} {library['version']} ({library.get('architecture', '?')})"
        for library in threadpool_info()
        if library["user_api"] == "blas"
    ]
    return ", ".join(names) or "an unknown BLAS"
