"""The people of the office: their accounts, their posts, how they come in, and why they open a file (security.md §2.11).

They are nobody's partners: another table, another entrance, another cookie. What they may do is a duty, held at an office or at all
of them; the services of other rooms ask the actor for it and never look in here.
"""
