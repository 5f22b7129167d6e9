"""The page Recipes without a browser: what is offered, what Load does, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.service import Status
from softmax_core.training.recipes import RECIPES
from tests.pages.opening import go_to, lab, session_of
from tests.waiting import wait_for
from ui.words import long_text


def recipes(recipe: str = "blobs") -> AppTest:
    """Open the page Recipes and choose a recipe."""
    page = lab()
    go_to(page, "recipes")
    if page.selectbox(key="shown_recipe").value != recipe:
        page.selectbox(key="shown_recipe").set_value(recipe).run()
    assert not page.exception
    return page


def texts(page: AppTest) -> str:
    return "\n".join(element.value for element in [*page.markdown, *page.caption, *page.info])


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def test_all_recipes_are_offered_each_with_its_sentence_and_its_settings() -> None:
    page = recipes()
    assert page.selectbox(key="shown_recipe").options == [r.title for r in RECIPES.values()]
    for recipe in RECIPES.values():
        page.selectbox(key="shown_recipe").set_value(recipe.name).run()
        assert not page.exception
        assert recipe.summary in texts(page)
    assert "Blobs, 1,000 points in the plane · Softmax regression" in texts(page)


def test_every_recipe_says_what_its_notebook_does_and_where_it_is_wrong() -> None:
    page = recipes()
    for recipe in RECIPES.values():
        page.selectbox(key="shown_recipe").set_value(recipe.name).run()
        assert "What this notebook does, and where it differs" in [e.label for e in page.expander]
        assert long_text(f"recipes/{recipe.name}") in texts(page)


def test_loading_a_recipe_makes_it_the_run_with_its_seed_and_a_speed_to_watch() -> None:
    page = recipes("blobs")
    session = session_of(page)
    page.button(key="load_recipe").click().run()
    assert session.config == RECIPES["blobs"].versions[0].config
    assert session.state.step == 0
    assert (session.pace, session.steps_a_second) == (None, 100.0)
    assert page.button(key="load_recipe").disabled
    assert page.query_params["data"] == "blobs"
    assert page.query_params["reduction"] == "sum"


def test_the_other_version_is_loaded_by_its_name() -> None:
    page = recipes("blobs")
    page.radio(key="shown_version_blobs").set_value("averaged").run()
    page.button(key="load_recipe").click().run()
    assert session_of(page).config == RECIPES["blobs"].version("averaged").config


def test_a_run_with_steps_is_replaced_only_after_the_button_says_so() -> None:
    page = recipes("blobs")
    page.button(key="load_recipe").click().run()
    page.button(key="step").click().run()
    session = session_of(page)
    _wait_for_step(page, 1)
    page.run()
    assert page.button(key="load_recipe").label == "Load and start anew"
    page.button(key="load_recipe").click().run()
    assert session.state.step == 0
    assert page.button(key="load_recipe").label == "Load this recipe"


def test_what_was_changed_after_loading_is_named() -> None:
    page = recipes("blobs")
    page.button(key="load_recipe").click().run()
    assert "differs" not in texts(page)
    go_to(page, "")
    assert page.select_slider(key="setting_learning_rate").value == 0.1
    page.select_slider(key="setting_learning_rate").set_value(0.01).run()
    go_to(page, "recipes")
    assert "This run differs from the recipe in: learning rate." in texts(page)
    assert "not yet" in str(page.table[0].value)


def test_without_the_data_set_there_are_two_offers(no_mnist: None) -> None:
    page = recipes("relu-softmax")
    assert "MNIST, 70,000 digits is not on this computer yet." in texts(page)
    assert "load_recipe" not in [button.key for button in page.button]
    page.button(key="load_on_embedded").click().run()
    config = session_of(page).config
    assert (config.dataset, config.network, config.bias) == ("mnist-5k", "relu-softmax", "none")
    assert config.seed == RECIPES["relu-softmax"].own_seed
    assert "It runs on MNIST, 5,000 digits, so there is no verdict on it." in texts(page)
    assert "This run differs from the recipe in: data set." in texts(page)


def test_every_published_figure_has_its_row() -> None:
    page = recipes("blobs")
    claims = RECIPES["blobs"].claims_of(RECIPES["blobs"].versions[0])
    table = page.table[0].value
    assert list(table["Figure"]) == [claim.text for claim in claims]
    assert "1.099" in table["Published"].iloc[0]


def test_a_full_batch_recipe_goes_at_full_speed(real_data: Path) -> None:
    page = recipes("full-batch")
    page.button(key="load_recipe").click().run()
    session = session_of(page)
    assert session.steps_per_epoch == 1
    assert (session.pace, session.steps_a_second) == (None, None)


def test_the_clothes_have_a_gallery_with_their_names(real_data: Path) -> None:
    page = recipes("d2l-fashion")
    page.button(key="load_recipe").click().run()
    assert "Ankle boot" in texts(page)
    assert "After step 0, true name over predicted name:" in texts(page)


def test_the_gallery_follows_the_run_when_it_rests_and_when_asked(no_mnist: None) -> None:
    page = recipes("d2l-fashion")
    page.button(key="load_on_embedded").click().run()
    page.button(key="step").click().run()
    _wait_for_step(page, 1)
    page.run()
    assert "After step 1, true name over predicted name:" in texts(page)
    page.button(key="train").click().run()
    assert "After step 1, true" in texts(page)  # a picture a rerun would hold the page up
    session = session_of(page)
    wait_for(lambda: session.state.step > 1)
    page.button(key="look_now").click().run()
    assert "After step 1, true" not in texts(page)
    page.button(key="train").click().run()


# In the Lab


def test_the_lab_offers_the_recipes_after_settings_of_ones_own() -> None:
    page = lab()
    box = page.selectbox(key="recipe")
    assert box.options[0] == "Own settings"
    assert len(box.options) == 1 + sum(len(r.versions) for r in RECIPES.values())


def test_a_recipe_chosen_in_the_lab_sets_every_setting_and_the_address() -> None:
    page = lab()
    page.selectbox(key="recipe").set_value(("blobs", "averaged")).run()
    assert not page.exception
    config = session_of(page).config
    assert config == RECIPES["blobs"].version("averaged").config
    assert page.selectbox(key="setting_dataset").value == "blobs"
    assert page.selectbox(key="setting_init").value == "zero"
    assert page.number_input(key="setting_epochs").value == 1000
    assert page.query_params["bias"] == "none"
    assert page.selectbox(key="recipe").value == ("blobs", "averaged")
    page.select_slider(key="setting_learning_rate").set_value(0.3).run()
    assert page.selectbox(key="recipe").value == ("", "")


def test_a_recipe_without_its_data_set_runs_on_the_embedded_digits(no_mnist: None) -> None:
    page = lab()
    page.selectbox(key="recipe").set_value(("sigmoid-mlp", "as published")).run()
    assert not page.exception
    config = session_of(page).config
    assert (config.dataset, config.network, config.reduction) == ("mnist-5k", "mlp", "sum")
    assert [toast.value for toast in page.toast] == [
        "MNIST, 70,000 digits is not on this computer yet: open the page Data and press "
        "Download. Training goes on with MNIST, 5,000 digits."
    ]


def test_what_is_unusual_is_said_and_undone_by_one_button() -> None:
    page = lab(reduction="sum", bias="none", gradient="true-class+one-bias", lr="0.3")
    assert (
        "Gradient: only the true class's column and one number for all biases · gradient: sum "
        "over the batch · no bias" in texts(page)
    )
    page.button(key="usual_way").click().run()
    config = session_of(page).config
    assert (config.gradient, config.reduction, config.loss) == ("exact", "mean", "log-sum-exp")
    assert (config.bias, config.learning_rate) == ("all", 0.3)
    assert "Gradient" not in texts(page)
    assert dict(page.query_params) == {"lr": "0.3"}


def test_the_usual_way_keeps_the_weights_where_it_can() -> None:
    page = lab(reduction="sum", epochs="200")
    page.button(key="step").click().run()
    _wait_for_step(page, 1)
    page.button(key="usual_way").click().run()
    assert session_of(page).state.step == 1


def test_usual_settings_need_no_words() -> None:
    page = lab()
    assert "Back to the usual way" not in labels(page)


def test_points_are_shown_as_a_plane_and_not_to_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("ui.drawing.regions_view", lambda _session: shown.append("regions"))
    monkeypatch.setattr("ui.drawing.reader", lambda _session: shown.append("reader"))
    monkeypatch.setattr("ui.lab_page.weight_pictures", lambda _session: shown.append("weights"))
    page = lab(data="blobs")
    assert shown == ["regions"]
    assert session_of(page).status is Status.IDLE


def _wait_for_step(page: AppTest, step: int) -> None:
    session = session_of(page)
    wait_for(lambda: session.state.step >= step and session.status is not Status.RUNNING)
