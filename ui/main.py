"""The script of every page: what all pages share, and the way from one to another."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.data_page import data_page
from ui.lab_page import lab_page
from ui.last_run import last_run_ui
from ui.live.components import heartbeat
from ui.mistakes_page import mistakes_page
from ui.race.address import write_lanes
from ui.race_page import race_page
from ui.recipes_page import recipes_page
from ui.state import (
    bind_to_browser,
    canvas_is_on,
    current_session,
    forget_setting_widgets,
    notices,
    notices_are_shown,
    race_setup,
    show_settings_in_address,
)
from ui.why_page import why_page
from ui.words import _

ASSETS = Path(__file__).resolve().parent.parent / "assets"
STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def main() -> None:
    """Set the page up and run the one that was chosen."""
    st.set_page_config(page_title="Softmax Lab", page_icon=str(ASSETS / "icon.png"), layout="wide")
    st.html(f"<style>{STYLE}</style>")
    dark = st.context.theme.type == "dark"
    st.logo(str(ASSETS / ("wordmark-dark.svg" if dark else "wordmark.svg")), size="large")
    lab = st.Page(lab_page, title=_("Lab"), url_path="lab", default=True)
    data = st.Page(data_page, title=_("Data"), url_path="data")
    recipes = st.Page(recipes_page, title=_("Recipes"), url_path="recipes")
    why = st.Page(why_page, title=_("Why?"), url_path="why")
    mistakes = st.Page(mistakes_page, title=_("Mistakes"), url_path="mistakes")
    race = st.Page(race_page, title=_("Race"), url_path="race")
    page = st.navigation([lab, race, why, mistakes, recipes, data], position="top")
    canvas_is_on(page.url_path)
    session = current_session()
    bind_to_browser(session)
    last_run_ui(session)
    page.run()
    session = current_session()
    lanes = race_setup() if page is race else None
    show_settings_in_address(session, write_lanes(lanes) if lanes else None)
    if page is not lab:
        heartbeat(session)  # the Lab's live view is one
        forget_setting_widgets()
    for notice in notices():
        st.toast(notice, icon=":material/info:")
    notices_are_shown()


main()
