"""Tables people send and receive as files: XLSX, ODS, XLS and CSV in whatever shape, read by a process of its own.

``reading.rows(content)`` yields the rows of the first sheet that holds something, each a list of texts; what cannot be
read raises ``Unreadable`` with the sentence to show. ``writing.xlsx / ods / csv`` give files no spreadsheet can execute.
Nothing here knows what a column means.
"""
