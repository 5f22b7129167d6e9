"""Saved runs: one .npz file, read strictly, written in memory; never a pickle.

The format, number 1: a zip archive of ``meta.json`` and one ``.npy`` member per array.
``params/NAME`` are the weights and biases, ``velocity/NAME`` the momentum where there is any.
NumPy's own loader is not used for reading: it accepts object arrays' headers, strings, shapes
of 10^15 elements, duplicate names and trailing bytes without a word.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.nn import Params
from softmax_core.training import TrainingConfig, TrainingState
from softmax_core.training.start import build_network

FORMAT: Final = 1
_META: Final = "meta.json"
_COUNTS: Final = ("step", "epoch", "position", "samples_seen")
_KEPT: Final = "What you have now is kept."


@dataclass(frozen=True)
class SavedRun:
    """What a file holds."""

    config: TrainingConfig
    state: TrainingState
    n_features: int
    n_classes: int


def write_run(config: TrainingConfig, state: TrainingState) -> bytes:
    """Return the file's bytes; the same run always gives the same bytes."""
    arrays = {f"params/{name}": array for name, array in state.params.items()}
    arrays |= {f"velocity/{name}": array for name, array in state.velocity.items()}
    meta = {
        "format": FORMAT,
        "config": asdict(config),
        "start_loss": state.start_loss,
        **{name: getattr(state, name) for name in _COUNTS},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _write_member(archive, _META, json.dumps(meta, sort_keys=True).encode())
        for name, array in arrays.items():
            body = io.BytesIO()
            contiguous = np.ascontiguousarray(array, dtype="<f4")
            np.lib.format.write_array(body, contiguous, allow_pickle=False)
            _write_member(archive, f"{name}.npy", body.getvalue())
    return buffer.getvalue()


def read_run(data: bytes) -> SavedRun:
    """Read a saved run; everything is checked before anything is returned.

    Raises
    ------
    UserError
        With one sentence that says what is wrong with the file.
    """
    if len(data) > limits.MAX_RUN_BYTES:
        raise _refusal(
            "run-size",
            f"This file has {len(data):,} bytes; a saved run has at most {limits.MAX_RUN_BYTES:,}.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive)
            config, counts = _read_meta(archive, members)
            arrays = _read_arrays(archive, members)
    except UserError:
        raise
    except Exception as error:  # zipfile, zlib, struct and numpy raise a dozen kinds
        raise _refusal("run-damaged", "This is not a saved run, or the file is damaged.") from error
    return _assemble(config, counts, arrays)


def _write_member(archive: zipfile.ZipFile, name: str, body: bytes) -> None:
    # A fixed date: equal runs are equal files.
    archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), body, zipfile.ZIP_DEFLATED)


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if len(infos) > limits.MAX_RUN_MEMBERS or len(set(names)) != len(names):
        raise _refusal(
            "run-members", f"This file holds {len(infos)} parts; a saved run has fewer, each once."
        )
    for info in infos:
        if info.flag_bits & 1 or info.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ):
            raise _refusal("run-packing", "This file is encrypted or packed in an unknown way.")
    return dict(zip(names, infos, strict=True))


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """Read one member without believing the size it announces."""
    with archive.open(info) as member:
        body = member.read(limit + 1)
    if len(body) > limit:
        raise _refusal("run-bomb", f"A part of this file unpacks to more than {limit:,} bytes.")
    return body


def _read_meta(
    archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]
) -> tuple[TrainingConfig, dict[str, Any]]:
    if _META not in members:
        raise _refusal("run-meta", "This file is not a saved run: it has no settings in it.")
    text = _read_member(archive, members[_META], limits.MAX_RUN_META_BYTES)
    meta = json.loads(text, parse_constant=_no_constant)
    if not isinstance(meta, dict) or meta.get("format") != FORMAT:
        raise _refusal("run-format", "This run was saved by another version of Softmax Lab.")
    counts = {name: meta.get(name) for name in _COUNTS}
    for name, value in counts.items():
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
            raise _refusal("run-counts", f"This run's {name} is not a whole number.")
    start_loss = meta.get("start_loss")
    if start_loss is not None and not (isinstance(start_loss, float) and 0 <= start_loss < 1e9):
        raise _refusal("run-counts", "This run's first loss is not a number.")
    config = meta.get("config")
    known = set(TrainingConfig.__dataclass_fields__)
    if not isinstance(config, dict) or set(config) - known:
        raise _refusal("run-config", "This run's settings are not those of Softmax Lab.")
    if not isinstance(config.get("dataset", ""), str):
        raise _refusal("run-config", "This run's data set has no name.")
    return TrainingConfig(**config), {**counts, "start_loss": start_loss}


def _no_constant(name: str) -> None:
    raise _refusal("run-meta", f"This run's settings hold {name}, which is not a number.")


def _read_arrays(
    archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]
) -> dict[str, NDArray[np.float32]]:
    arrays = {}
    for name, info in members.items():
        if name != _META:
            body = _read_member(archive, info, limits.MAX_RUN_BYTES)
            arrays[name.removesuffix(".npy")] = _parse_array(name.removesuffix(".npy"), body)
    return arrays


def _parse_array(name: str, body: bytes) -> NDArray[np.float32]:
    stream = io.BytesIO(body)
    version = np.lib.format.read_magic(stream)
    if version != (1, 0):
        raise _refusal("run-array", f"{name} is stored in an unknown way.")
    shape, column_order, dtype = np.lib.format.read_array_header_1_0(stream, max_header_size=1000)
    if dtype.hasobject:
        raise _refusal(
            "run-pickle", f"{name} holds program objects, not numbers; it was not opened."
        )
    if dtype != np.dtype("<f4") or column_order or not 1 <= len(shape) <= 2:
        raise _refusal("run-array", f"{name} must hold 32-bit numbers; it holds {dtype}.")
    expected = 4
    for side in shape:
        expected *= side
    rest = body[stream.tell() :]
    if min(shape) < 1 or len(rest) != expected:
        raise _refusal(
            "run-array", f"{name} announces {expected:,} bytes of numbers and holds {len(rest):,}."
        )
    return np.frombuffer(rest, "<f4").reshape(shape).astype(np.float32)


def _assemble(
    config: TrainingConfig, counts: dict[str, Any], arrays: dict[str, NDArray[np.float32]]
) -> SavedRun:
    params, velocity = _group(arrays, "params/"), _group(arrays, "velocity/")
    if len(params) + len(velocity) != len(arrays) or not params:
        raise _refusal("run-names", f"This file holds parts a run has not: {sorted(arrays)}.")
    first, *_, last = (*params.values(), *params.values())
    if first.ndim != 2:
        raise _refusal("run-shape", "This run's first array is not a matrix of weights.")
    n_features, n_classes = first.shape[0], last.shape[-1]
    _check_sizes(n_features, n_classes)
    shapes = build_network(config, n_features, n_classes).parameter_shapes()
    for group in filter(None, (params, velocity)):
        found = {name: array.shape for name, array in group.items()}
        if found != shapes:
            raise _refusal("run-shape", f"Expected arrays of {shapes}; found {found}.")
        for name, array in group.items():
            _check_numbers(name, array)
    state = TrainingState(params=params, velocity=velocity, **counts)
    return SavedRun(config, state, n_features, n_classes)


def _group(arrays: dict[str, NDArray[np.float32]], prefix: str) -> Params:
    return {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}


def _check_sizes(n_features: int, n_classes: int) -> None:
    if n_features > limits.MAX_IMAGE_SIDE**2:
        raise _refusal("run-shape", f"This run's pictures have {n_features:,} pixels: too many.")
    if not limits.MIN_CLASSES <= n_classes <= limits.MAX_CLASSES:
        raise _refusal(
            "run-shape",
            f"This run has {n_classes:,} classes; there can be {limits.MIN_CLASSES} to "
            f"{limits.MAX_CLASSES}.",
        )


def _check_numbers(name: str, array: NDArray[np.float32]) -> None:
    bad = ~np.isfinite(array)
    if bad.any():
        place = ", ".join(str(i[0]) for i in np.nonzero(bad))
        raise _refusal(
            "run-numbers",
            f"{name} holds {int(bad.sum()):,} values that are not numbers (the first at {place}).",
        )
    largest = float(np.abs(array).max())
    if largest > limits.MAX_WEIGHT:
        raise _refusal(
            "run-numbers", f"{name} holds {largest:.3g}; at most {limits.MAX_WEIGHT:g} is accepted."
        )


def _refusal(code: str, text: str) -> UserError:
    return UserError(code, f"{text} {_KEPT}")
