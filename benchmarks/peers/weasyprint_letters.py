"""The same letters by WeasyPrint: HTML and CSS for the same page, tagged PDF/UA; reads them as JSON, prints the CPU milliseconds of one."""

from __future__ import annotations

import json
import sys
import time
from base64 import b64encode
from html import escape
from typing import Any

from weasyprint import CSS, HTML  # type: ignore[import-not-found]
from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-not-found]

STYLE = """
@page { size: A4; margin: 15mm 20mm 46mm; @bottom-left { content: element(foot); width: 100% } }
body { font: 12pt serif; color: #13211c; line-height: 1.35 }
.from { position: absolute; top: 0; left: 0; width: 80mm; font-size: 10.5pt }
.number { position: absolute; top: 0; right: 0; text-align: right; font-family: monospace }
.window { position: absolute; top: 35mm; left: 90mm; width: 82mm; font: 10pt monospace }
main { padding-top: 78mm } h1 { font-size: 16pt }
.value { background: #f4f6f2; padding: 3.5mm 5mm; border-radius: 2mm; font: bold 17pt monospace }
.value small { display: block; font: 10.5pt serif; color: #42524b }
footer { position: running(foot); border-top: .5pt solid #dbe3dd; font-size: 9.5pt } footer img { width: 26mm; float: left }
"""


def page(letter: dict[str, Any]) -> str:
    """One letter as HTML."""
    picture = b64encode(letter["qr"].encode()).decode()
    office = "<br>".join(map(escape, [letter["office"]["name"], *letter["office"]["address"]]))
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(letter["title"])}</title></head><body>'
        f'<footer><img src="data:image/svg+xml;base64,{picture}" alt="Code QR : {escape(letter["address"])}">'
        f"<p>Sur internet : tapez {escape(letter['site'])} ou lisez ce code avec votre téléphone.<br>Nous ne demandons jamais votre mot de"
        f" passe.<br>Lettre n° {escape(letter['number'])} · {escape(letter['account_name'])}</p></footer>"
        f'<div class="from">{office}</div><div class="number">N° d’utilisateur<br>{escape(letter["user_number"])}</div>'
        f'<div class="window">{"<br>".join(map(escape, letter["window"]))}</div><main><p>Le {escape(letter["date"])}</p>'
        f"<h1>{escape(letter['title'])}</h1>{''.join(map(block, letter['blocks']))}</main></body></html>"
    )


def runs(parts: list[dict[str, Any]]) -> str:
    """A sentence, parts of it in bold."""
    return "".join(f"<b>{escape(run['text'])}</b>" if run["strong"] else escape(run["text"]) for run in parts)


def block(it: dict[str, Any]) -> str:
    """A block of the letter."""
    if it["kind"] == "paragraph":
        return f"<p>{runs(it['runs'])}</p>"
    if it["kind"] == "value":
        return f'<p class="value"><small>{escape(it["label"])}</small>{escape(it["text"])}</p>'
    name = "ol" if it["numbered"] else "ul"
    return f"<{name}>{''.join(f'<li>{runs(item)}</li>' for item in it['items'])}</{name}>"


def main() -> None:
    """Typeset all, after one to warm up."""
    letters, fonts = json.load(sys.stdin), FontConfiguration()
    style = CSS(string=STYLE, font_config=fonts)

    def made(letter: dict[str, Any]) -> bytes:
        written: bytes = HTML(string=page(letter)).write_pdf(
            stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"
        )
        return written

    made(letters[0])
    began = time.process_time()
    for letter in letters:
        assert made(letter).startswith(b"%PDF")
    print((time.process_time() - began) / len(letters) * 1000)


if __name__ == "__main__":
    main()
