"""A kept run beside the present one, in numbers: both measured at the same step."""

from __future__ import annotations

from softmax_core.figures.wording import count, loss_text, percent
from softmax_core.service import KeptRun, View
from softmax_core.training import Evaluation
from ui.words import _


def comparison(run: KeptRun, view: View) -> str:
    """Say where a kept run stood at the last step at which the present one was measured too.

    Parameters
    ----------
    run : KeptRun
    view : View
        As it may be shown: without test figures that would flatter.
    """
    if run.config.dataset != view.config.dataset:
        return _end(run)
    here = {evaluation.step: evaluation for evaluation in view.evaluations if evaluation.step}
    common = [evaluation for evaluation in run.evaluations if evaluation.step in here]
    if not common:
        return _end(run)
    there = max(common, key=lambda evaluation: evaluation.step)
    text = _("At step {step}: training loss {there} there, {now} here")
    text = text.format(
        step=count(there.step),
        there=loss_text(there.train_loss),
        now=loss_text(here[there.step].train_loss),
    )
    return text + _tests(run, there, here[there.step]) + "." + _fairness(run, view)


def _tests(run: KeptRun, there: Evaluation, here: Evaluation) -> str:
    known = here.test_accuracy == here.test_accuracy and not run.test_seen  # NaN is not itself
    if not known:
        return ""
    text = _("; test accuracy {there} there, {now} here")
    return text.format(there=percent(there.test_accuracy), now=percent(here.test_accuracy))


def _fairness(run: KeptRun, view: View) -> str:
    sizes = run.config.batch_size, view.config.batch_size
    if sizes[0] == sizes[1] or not view.n_samples:
        return ""
    times = min(sizes[0], view.n_samples) / min(sizes[1], view.n_samples)
    if times == 1:
        return ""
    return " " + _("By then it had seen {times:.3g} times as many examples.").format(times=times)


def _end(run: KeptRun) -> str:
    text = _("It made {steps} steps; none of them was measured here too.")
    return text.format(steps=count(run.n_steps))
