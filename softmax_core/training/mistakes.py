"""The bank of Spot the bug: mistakes that were really published, each as a change of settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from softmax_core.errors import UserError
from softmax_core.training.config import TrainingConfig

STEPS: Final = 300  # of both lanes; more where a whole pass takes more
Settings = tuple[tuple[str, str | int], ...]

_PASSES: Final = 3  # over the training set, so that a class can be known to be dead


class Credit(NamedTuple):
    """Where a mistake can be read about: somebody published openly, somebody else looked."""

    repository: str
    url: str
    text: str


@dataclass(frozen=True)
class Mistake:
    """One mistake: what it does, what a class sees of it, and the settings that make it.

    Attributes
    ----------
    letter, name, title : str
        ``title`` is one of the answers when the class guesses.
    what_it_does, what_a_class_sees, why : str
        For students. Figures are those of the embedded digits at ``learning_rate``; tests
        measure them again.
    changes : pairs of name and value
        Fields of ``TrainingConfig`` that make the mistake.
    setting : pairs of name and value
        Fields that both lanes get, where the mistake needs its own start.
    learning_rate : float
        At which the curves hide it best.
    is_wrong : bool
        False where the gradient is right and the trouble lies elsewhere.
    credits : tuple of Credit
    """

    letter: str
    name: str
    title: str
    what_it_does: str
    what_a_class_sees: str
    why: str
    changes: Settings
    setting: Settings = ()
    learning_rate: float = 0.1
    is_wrong: bool = True
    credits: tuple[Credit, ...] = ()

    def lanes(
        self, dataset: str, learning_rate: float | None = None
    ) -> tuple[TrainingConfig, TrainingConfig]:
        """Return the settings of the exact lane and of the wrong one: alike but for it."""
        exact = TrainingConfig(
            dataset=dataset,
            learning_rate=self.learning_rate if learning_rate is None else learning_rate,
        )
        exact = _with(exact, self.setting)
        return exact, _with(exact, self.changes)


def n_lane_steps(mistake: Mistake, n_samples: int) -> int:
    """Return how long to train: dead classes are only known after whole passes."""
    if mistake.is_wrong:
        return STEPS
    return max(STEPS, _PASSES * -(-n_samples // TrainingConfig().batch_size))


def find_mistake(name: str) -> Mistake:
    """Return the mistake of this name, or ``NO_MISTAKE``.

    Raises
    ------
    UserError
        ``mistake-name`` if there is none; the sentence lists the names.
    """
    for mistake in (*MISTAKES, NO_MISTAKE):
        if mistake.name == name:
            return mistake
    names = ", ".join(mistake.name for mistake in (*MISTAKES, NO_MISTAKE))
    raise UserError(
        "mistake-name", f"There is no mistake called {name[:40]!r}. Choose one of: {names}."
    )


def _with(config: TrainingConfig, settings: Settings) -> TrainingConfig:
    values: dict[str, Any] = dict(settings)
    return replace(config, **values)


_STAT453: Final = Credit(
    "rasbt/stat453-deep-learning-ss21",
    "https://github.com/rasbt/stat453-deep-learning-ss21/issues/5",
    "a whole course in the open; a reader saw that its three biases were the same",
)
_NN_FROM_SCRATCH: Final = Credit(
    "dennybritz/nn-from-scratch",
    "https://github.com/dennybritz/nn-from-scratch/issues/13",
    "a much-read tutorial; a reader checked its gradients",
)
_MLXTEND: Final = Credit(
    "rasbt/mlxtend",
    "https://github.com/rasbt/mlxtend/blob/master/mlxtend/classifier/softmax_regression.py",
    "a library with source made to be read; there the rate must suit the batch size",
)
_SEB_LAGUE: Final = Credit(
    "SebLague/Neural-Network-Experiments",
    "https://github.com/SebLague/Neural-Network-Experiments/pull/5",
    "a loved series of videos; a follower's gradient check would not pass",
)
_CRYSX: Final = Credit(
    "manassharma07/crysx_nn",
    "https://github.com/manassharma07/crysx_nn/issues/7",
    "a library written from scratch; the thread tells how it showed",
)

NO_MISTAKE: Final = Mistake(
    letter="",
    name="exact",
    title="Nothing: the gradient is exact",
    what_it_does="Both lanes use the same exact gradient.",
    what_a_class_sees="One curve: the two lanes are the same to the last bit.",
    why="The check finds differences of about 1e-15, the rounding of a computer's numbers, and "
    "points at nothing. That is what a right gradient looks like.",
    changes=(),
)

MISTAKES: Final = (
    Mistake(
        letter="a",
        name="true-class",
        title="Only the true class's weights learn",
        what_it_does=r"$dW = X^\top ((P - Y) \circ Y)$: of each picture's error only the true "
        "class's column is kept. The true class is pulled up; nobody pushes the other nine down. "
        "(From the full-batch notebook among the recipes.)",
        what_a_class_sees="A good-looking curve. At rate 0.03 the two training losses end 0.01 "
        "apart; the test accuracy is 3 to 4 points lower, which nobody can know who has no "
        "exact run beside it. (On Fashion-MNIST it does show: 56 % against 77 %.)",
        why="An error has ten columns that sum to 0: what one class gains the others must lose. "
        "Here only the gain is left, and it still points downhill.",
        changes=(("gradient", "true-class"),),
        learning_rate=0.03,
    ),
    Mistake(
        letter="b",
        name="one-bias",
        title="One number for all biases",
        what_it_does=r"$db$ is a single number, the mean of $(P - Y) \circ Y$ over pictures and "
        "classes, and every bias gets it. (From the full-batch notebook among the recipes.)",
        what_a_class_sees="Nothing at all: 88.3 % against 88.5 %, and losses 0.003 apart.",
        why="Adding the same number to all ten logits changes no probability: ten equal biases "
        "are no bias. The pixels do nearly all of the work, so nobody misses it.",
        changes=(("gradient", "one-bias"),),
    ),
    Mistake(
        letter="c",
        name="sum",
        title="Summed over the batch, not averaged",
        what_it_does="The loss is a mean over the batch, but the gradient is the sum: 128 times "
        "too long. (In the full-batch and the sigmoid notebooks among the recipes too, where a "
        "rate of 1e-5 makes up for it.)",
        what_a_class_sees="At rate 0.001 the mistake looks like the better method. At 0.1 the "
        "loss leaps to 70 in the first steps and ends at twice the exact one, yet the accuracy is "
        "the same but for 3 pictures in 1,000.",
        why="It is not another direction but another rate: 128 · 0.001 is 0.128. Whoever changes "
        "the batch size then changes the rate without knowing it.",
        changes=(("reduction", "sum"),),
        learning_rate=0.001,
        credits=(_NN_FROM_SCRATCH, _MLXTEND),
    ),
    Mistake(
        letter="d",
        name="bias-over-classes",
        title="Bias gradient summed over the classes too",
        what_it_does="$db$ sums $P - Y$ over the pictures and over the classes too, and every "
        "bias gets that one sum.",
        what_a_class_sees="Nothing at all: 88.3 % against 88.5 %, and losses 0.003 apart.",
        why="Each row of $P$ sums to 1 and so does each row of $Y$, so the sum over the classes "
        "is always 0: the biases never leave their start. One look at them would have told.",
        changes=(("gradient", "bias-over-classes"),),
        credits=(_STAT453,),
    ),
    Mistake(
        letter="e",
        name="diagonal",
        title="Softmax's derivative: the diagonal only",
        what_it_does="Softmax is treated like ten separate sigmoids: of its derivative "
        "$p_j ([j = k] - p_k)$ only the terms with $j = k$, $p_k (1 - p_k)$, are kept.",
        what_a_class_sees="A good-looking curve, within 0.02 of the exact loss at rate 0.03 and "
        "4 to 5 points lower in accuracy.",
        why="Every probability depends on all ten logits. What is left is exactly the $dW$ of "
        "mistake (a), by another road: $p_k - 1$ for the true class, 0 for the others. Only the "
        "check tells them apart: here the logits are wrong already, there the weights alone.",
        changes=(("gradient", "diagonal"),),
        learning_rate=0.03,
        credits=(_SEB_LAGUE,),
    ),
    Mistake(
        letter="f",
        name="whole-max",
        title="The maximum of the whole array is subtracted",
        what_it_does="Before exp, the largest logit of the whole batch is subtracted, not each "
        "row's own.",
        what_a_class_sees="Nothing: the same loss but for rounding. The check finds nothing "
        "either, for on ordinary logits nothing is wrong.",
        why="A constant cancels in each row, whichever it is. But one confident picture raises "
        "it for all, and a row that lies 104 or more below it becomes 0 / 0, which is no number.",
        changes=(("softmax", "whole-max"),),
        credits=(_CRYSX,),
    ),
    Mistake(
        letter="g",
        name="relu",
        title="ReLU before the softmax",
        what_it_does="Negative logits are set to 0 before the softmax. Both lanes start as the "
        "ReLU notebook among the recipes does: tiny weights and no bias.",
        what_a_class_sees="The accuracy stands still far below the other's, at the same start "
        "and the same batches.",
        why="The gradient is right, and the check says so. But where ReLU gives 0 it lets no "
        "gradient through: a class that no picture raises above 0 is never corrected again. It "
        "is dead. (Its probability is never 0 either: exp(0) = 1.)",
        changes=(("network", "relu-softmax"),),
        setting=(("bias", "none"), ("init", "tiny-normal"), ("seed", 1)),
        is_wrong=False,
    ),
)
