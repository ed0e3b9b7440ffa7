"""How right and how sure a network is: validation, operating points, evaluation, groups of people."""
