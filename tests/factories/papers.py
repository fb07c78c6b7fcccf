"""PDF files, as small as they come, and what may be added to them."""

from __future__ import annotations

from parvis.changes.rules.files import PDF, Paper


def pdf(*more: bytes, catalog: bytes = b"", trailer: bytes = b"", after: bytes = b"") -> bytes:
    """A PDF of one empty page; ``more`` are objects of their own, from the fourth on, which its table names."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>",
        *more,
    ]
    content, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    content += after
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start, count = len(content), len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % count
    return (
        content
        + head
        + table
        + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            count,
            trailer,
            start,
        )
    )


PAPER = pdf()


def paper(name: str = "acte.pdf", content: bytes = PAPER) -> Paper:
    """A file that was looked into already."""
    return Paper(name, PDF, content)
