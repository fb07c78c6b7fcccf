"""PDF files people join: looked into by a process of its own, object by object, before any is kept.

``reading.look_into(content)`` says what is wrong with one, or nothing. Nothing here knows what a paper is joined to.
"""
