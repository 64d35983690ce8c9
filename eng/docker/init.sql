-- Runs once, when the volume of PostgreSQL's data is new.
CREATE ROLE app LOGIN PASSWORD 'app';
CREATE DATABASE app OWNER app;
