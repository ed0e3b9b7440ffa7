"""What VisionAI does, said in plain values: no request, no socket, no rendering.

Reading images        analysis (the use case); batches, frames, images; answers (who wants to know of each)
Keeping what was seen   recorder (what others call), recording (its queue), ledger (rows and counters in one
                        transaction), rows, bulk, spool (the disk while the database is away)
Counters                 counters (kept), statistics (read), recount (made anew), filters, steps
Rows                    predictions (newest, pruned), exports, erasure, holdings
People                  accounts, passwords, attempts, tokens, identities, addresses
The process             lifecycle, health, presence, versions (of the weights), outages, transactions
"""
