"""How a database is spoken to: connections, transactions, bulk inserts, column types, and what it means to be away.

Importing it sets up how every engine opens SQLite, bounds transactions on PostgreSQL, and tells a database that cannot
be used.
"""

from . import postgresql as postgresql
from . import sqlite as sqlite
from . import usability as usability
