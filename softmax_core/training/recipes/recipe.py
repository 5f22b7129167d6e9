"""What a published recipe is: its settings, the figures its author printed, and our tolerance."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from softmax_core.training.config import TrainingConfig

# What can be compared, and what it is counted in. "batch": of one batch, before its update;
# "loss_left": that loss as a share of the first one;
# "epoch": the mean of an epoch's batches, each before its update; "train", "test": of all
# samples, after so many epochs.
QUANTITIES: Final = {
    "batch_loss": "step",
    "batch_accuracy": "step",
    "loss_left": "step",
    "epoch_loss": "epoch",
    "epoch_accuracy": "epoch",
    "train_loss": "epoch",
    "train_accuracy": "epoch",
    "test_loss": "epoch",
    "test_accuracy": "epoch",
    "dead_classes": "epoch",
}
COVERS: Final = "covers"
WITHIN: Final = "within"
BOUNDS: Final = "bounds"
_FREE: Final = ("seed", "epochs")  # do not make another recipe of the settings


@dataclass(frozen=True)
class Claim:
    """A published figure, and when we say that ours agrees with it.

    Attributes
    ----------
    name : str
        Its own within the recipe.
    text : str
        What it is, in words.
    quantity : str
        One of ``QUANTITIES``.
    at : int
        The step or the epoch; the first step is 1, epoch 0 is the start.
    low, high : float or None
        The published figure (both the same), the range of several, or bounds.
    rule : str
        ``covers``: the figure depends on a random start, and so do ours. It lies inside
        [our smallest - margin, our largest + margin].
        ``within``: each of our runs lies inside [low - margin, high + margin].
        ``bounds``: each of our runs lies above low and below high.
    margin : float
        In the quantity's own unit.
    why : str
        Where the difference comes from, and how the margin was measured.
    versions : tuple of str
        Of the recipe, for which the figure was published; all of them when empty.
    own_seed : bool
        Only the recipe's own seed is judged, else only the others.
    quick : bool
        Reached within seconds.
    printed : bool
        By its author; if not, the figure is an independent reference's.
    """

    name: str
    text: str
    quantity: str
    at: int
    low: float | None
    high: float | None
    rule: str
    margin: float
    why: str
    versions: tuple[str, ...] = ()
    own_seed: bool = False
    quick: bool = False
    printed: bool = True


@dataclass(frozen=True)
class PublishedCurve:
    """Figures as printed one after the other, from step or epoch ``first`` on."""

    quantity: str
    first: int
    values: tuple[float, ...]
    versions: tuple[str, ...] = ()

    @property
    def points(self) -> range:
        """The step or epoch of each value."""
        return range(self.first, self.first + len(self.values))


@dataclass(frozen=True)
class Version:
    """One way to run a recipe."""

    name: str
    title: str
    config: TrainingConfig


@dataclass(frozen=True)
class Recipe:
    """A published notebook as settings of ours.

    Attributes
    ----------
    name, title, summary : str
        Its key, its name and a sentence for people.
    source : str
        What was published, in words.
    versions : tuple of Version
        The first is the default.
    claims : tuple of Claim
    curves : tuple of PublishedCurve
    drawn : dict of tuples
        The steps or epochs of each quantity that a figure of our runs needs.
    own_seed : int or None
        Where the seed is part of what was published.
    """

    name: str
    title: str
    summary: str
    source: str
    versions: tuple[Version, ...]
    claims: tuple[Claim, ...]
    drawn: dict[str, tuple[int, ...]]
    curves: tuple[PublishedCurve, ...] = ()
    own_seed: int | None = None

    @property
    def dataset(self) -> str:
        """The data set's name in the catalogue."""
        return self.versions[0].config.dataset

    def version(self, name: str | None = None) -> Version:
        """Return the version of that name, or the default; ``KeyError`` if there is none."""
        if name is None:
            return self.versions[0]
        return {version.name: version for version in self.versions}[name]

    def claims_of(self, version: Version, *, quick: bool = False) -> tuple[Claim, ...]:
        """Return what was published for one version; quick: what is reached in seconds."""
        return tuple(
            claim
            for claim in self.claims
            if version.name in (claim.versions or (version.name,)) and (claim.quick or not quick)
        )

    def curves_of(self, version: Version) -> tuple[PublishedCurve, ...]:
        """Return the published curves of one version."""
        return tuple(c for c in self.curves if version.name in (c.versions or (version.name,)))


def differences(config: TrainingConfig, other: TrainingConfig) -> list[str]:
    """Return the names of the settings, but seed and epochs, in which two runs differ."""
    names = [setting.name for setting in fields(TrainingConfig) if setting.name not in _FREE]
    return [name for name in names if getattr(config, name) != getattr(other, name)]
