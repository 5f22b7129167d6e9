"""Keys of widgets, which Streamlit keeps in the same place as all else."""

from __future__ import annotations

from typing import Final

SETTING: Final = "setting_"  # and the name of the setting
CANVAS: Final = "canvas"
WHAT_TO_READ: Final = "what_to_read"
UPLOAD: Final = "upload"
SHOWN_DATASET: Final = "data_page_dataset"
RECIPE: Final = "recipe"
RECIPES_SECTION: Final = "recipes_section"
SHOWN_RECIPE: Final = "shown_recipe"
SHOWN_VERSION: Final = "shown_version_"  # and the name of the recipe
SPOT_MISTAKE: Final = "spot_mistake"
SPOT_RATE: Final = "spot_rate_"  # and the name of the mistake
SPOT_GUESS: Final = "spot_guess"
BREAK_SWITCH: Final = "break_"  # and the name of the switch
WHY_SECTION: Final = "why_section"
TEACH_LABEL: Final = "teach_label"
SHELF: Final = "shelf"
MISTAKES_SECTION: Final = "mistakes_section"
RACE_SECTION: Final = "race_section"
RACE_DIFFERS: Final = "race_differs"
RACE_VALUES: Final = "race_values_"  # and what differs
RACE_EPOCHS: Final = "race_epochs"
RACE_PACE: Final = "race_pace"
SWEEP_KIND: Final = "sweep_kind"
SWEEP_EPOCHS: Final = "sweep_epochs"
KEPT_NAME: Final = "kept_name_"  # and the number of a kept run
WEIGHTS: Final = "weights_"  # and the token of the run
