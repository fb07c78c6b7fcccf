"""The July rents by file: a table comes down pre-filled, goes up filled, is checked line by line, and is confirmed.

``template`` makes the table; ``intake`` receives a file and works on it (in the request when it is small, else in the worker);
``columns`` finds what each column is; ``checking`` reads the lines and judges them as the grid does; ``report`` shows them;
``editing`` changes one; ``confirming`` makes drafts of them and sends them. Nothing is sent before « Confirmer ».
"""
