"""How a database is spoken to: connections, transactions, bulk inserts, column types, and what it means to be away.

Importing it sets up how every engine opens SQLite, and how it tells a database that cannot be used.
"""

from . import sqlite as sqlite
from . import usability as usability
