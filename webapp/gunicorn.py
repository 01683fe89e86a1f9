"""How gunicorn serves the web door; the address to listen on comes from ./run or from the operator's own command line.

SQLite has one writer at a time, so one process with threads that queue in order; PostgreSQL takes several processes.
"""

import os

_database = os.environ.get("LOTSE_DATABASE_URL", "")
_is_sqlite = not _database or _database.startswith("sqlite")

worker_class = "gthread"
_wanted = os.environ.get("LOTSE_WEB_PROCESSES", "").strip()
# What is no number is told by the settings, with all other faults.
workers = max(1, int(_wanted)) if _wanted.isdecimal() else 1 if _is_sqlite else 2
threads = 8 if _is_sqlite else 4

timeout = 60  # a thread that never answers; the slowest page is far below
graceful_timeout = 10  # requests under way when the server is told to stop
keepalive = 15

accesslog = None  # who looked at what, from where, is nobody's business
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
proc_name = "fab-city-lotse"
