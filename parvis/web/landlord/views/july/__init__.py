"""The July rents: the grid, the last look, the sending, the correction, paper."""
