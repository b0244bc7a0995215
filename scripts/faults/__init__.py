"""`make faults`: faults put in on purpose while people save, and what became of every save (docs/faults.md).

Each fault is one module in injected/; catalogue.py lists all of them, those too that nobody has built yet.
The load writes a ledger of what people were told; the checker, a program of its own, holds the database
against it afterwards. Servers, client and people are those of scripts/bench. Everything is on this machine's
loopback, bounded, and ends by itself. Nothing here is part of the application.
"""
