-- What became of each card of a batch is kept for half a year.
grant delete on batch_items to courtier_worker;
