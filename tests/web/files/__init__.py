"""Tests of « Consulter dossier »."""
