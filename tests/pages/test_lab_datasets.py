"""Choosing a data set in the Lab: what it changes, and what a missing one does not."""

from __future__ import annotations

from tests.pages.opening import lab, session_of


def test_a_data_set_that_is_not_here_leaves_the_old_one_and_says_how_to_get_it(
    no_mnist: None,
) -> None:
    page = lab()
    page.selectbox(key="setting_dataset").set_value("mnist").run()
    assert not page.exception
    assert [warning.value for warning in page.warning] == [
        "MNIST, 70,000 digits is not on this computer yet: open the page Data and press "
        "Download. Training goes on with MNIST, 5,000 digits."
    ]
    assert session_of(page).config.dataset == "mnist-5k"


def test_while_the_chosen_data_set_is_missing_the_other_settings_still_act(no_mnist: None) -> None:
    page = lab()
    page.selectbox(key="setting_dataset").set_value("mnist").run()
    page.select_slider(key="setting_learning_rate").set_value(0.5).run()
    page.select_slider(key="setting_batch_size_4000").set_value(256).run()
    config = session_of(page).config
    assert (config.dataset, config.learning_rate, config.batch_size) == ("mnist-5k", 0.5, 256)
    assert dict(page.query_params) == {"lr": "0.5", "batch": "256"}


def test_an_address_with_a_data_set_that_is_not_here_keeps_all_other_settings(
    no_mnist: None,
) -> None:
    page = lab(data="mnist", lr="0.25", seed="9", momentum="0.5", network="mlp", hidden="7")
    config = session_of(page).config
    assert (config.dataset, config.learning_rate, config.seed) == ("mnist-5k", 0.25, 9)
    assert (config.momentum, config.network, config.hidden_units) == (0.5, "mlp", 7)
    assert [toast.value for toast in page.toast] == [
        "MNIST, 70,000 digits is not on this computer yet: open the page Data and press "
        "Download. Training goes on with MNIST, 5,000 digits."
    ]


def test_a_smaller_data_set_makes_a_large_batch_full() -> None:
    page = lab(batch="4000")
    page.selectbox(key="setting_dataset").set_value("digits").run()
    assert not page.exception
    session = session_of(page)
    assert session.config.dataset == "digits"
    assert session.steps_per_epoch == 1


def test_the_batch_size_changes_at_once_after_another_data_set_was_chosen() -> None:
    page = lab()
    page.selectbox(key="setting_dataset").set_value("digits").run()
    slider = page.select_slider(key="setting_batch_size_1437")
    assert (slider.value, slider.options[-1]) == (128, "full")
    slider.set_value(64).run()
    assert session_of(page).config.batch_size == 64
