-- The shop changes its settings over HTTP too; each change is a line of the audit log.
grant insert, update on settings to courtier_api;
