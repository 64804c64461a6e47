-- Files that belong to an example: a JSON object by name; what is in it is its client's dialect.
ALTER TABLE dataset_example ADD COLUMN attachments TEXT NOT NULL DEFAULT '{}';
