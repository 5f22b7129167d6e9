"""Open a section of the page Recipes without a browser, wait for it, and read it."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from tests import waiting
from tests.pages.opening import go_to, lab


def section(name: str, **query: str) -> AppTest:
    """Open a section of the page Recipes."""
    page = lab(**query)
    go_to(page, "recipes")
    page.segmented_control(key="recipes_section").set_value(name).run()
    assert not page.exception
    return page


def wait_for(page: AppTest, there: Callable[[], bool]) -> None:
    """Run the page until it shows what a worker was asked for, as its fragment does."""

    def there_now() -> bool:
        if not there():
            page.run()
            assert not page.exception
        return there()

    waiting.wait_for(there_now)


def texts(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.info, page.success, page.error, page.warning)
    return "\n".join(element.value for kind in kinds for element in kind)
