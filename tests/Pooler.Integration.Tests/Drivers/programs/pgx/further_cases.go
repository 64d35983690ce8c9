package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
	_ "github.com/jackc/pgx/v4/stdlib"
)

// changed looks at statements whose tables change under them.
func changed(connection *pgx.Conn) {
	for _, mode := range modes {
		execute(connection, "DROP TABLE IF EXISTS altered; CREATE TABLE altered (n int, t text); INSERT INTO altered VALUES (1, 'one'), (2, 'two')")
		own := open(mode)
		look := func(what string) {
			show("changed", mode, what, fetch(own, "SELECT t FROM altered WHERE n = $1", 1))
			show("changed", mode, what, execute(own, "UPDATE altered SET t = t || 'x' WHERE n = $1", 2))
		}
		star := "SELECT * FROM altered WHERE n = $1"
		look("at first")
		show("changed", mode, "all columns", fetch(own, star, 1))
		fetch(connection, star, 1)
		execute(connection, "ALTER TABLE altered ADD COLUMN d date DEFAULT '2024-01-01'")
		look("column added")
		if mode != "describe" {
			// The driver learns by the error that it has to prepare again.
			show("changed", mode, "all columns", fetch(own, star, 1))
			show("changed", mode, "all columns", fetch(own, star, 1))
		}
		execute(connection, "ALTER TABLE altered ALTER COLUMN n TYPE bigint")
		// Whether the driver sees that the result has changed depends on the way; the types of its parameters stay in any case.
		fetch(connection, star, 1)
		look("type changed")
		execute(connection, "CREATE INDEX ON altered (n)")
		look("index added")
		show("changed", mode, "new text", fetch(own, "SELECT * FROM altered ORDER BY n"))
		check(own.Close(background))
	}
}

// pools has more connections than the pooler has servers.
func pools(*pgx.Conn) {
	settings, err := pgxpool.ParseConfig("pool_max_conns=8 statement_cache_capacity=10")
	check(err)
	pool, err := pgxpool.ConnectConfig(background, settings)
	check(err)
	execute(pool, "CREATE TABLE account (id int PRIMARY KEY, amount int NOT NULL); INSERT INTO account SELECT i, 100 FROM generate_series(0, 9) i")
	show("pool", "at once", inThreads(16, func(index int) interface{} {
		total := 0
		for i := 0; i < 25; i++ {
			var value int
			check(pool.QueryRow(background, fmt.Sprint("SELECT $1::int * $2::int + ", i%15), index, i).Scan(&value))
			total += value
			from, to := index%5, 5+(index+i)%5
			check(pool.BeginFunc(background, func(transaction pgx.Tx) error {
				execute(transaction, "UPDATE account SET amount = amount - $1 WHERE id = $2", i, from)
				execute(transaction, "UPDATE account SET amount = amount + $1 WHERE id = $2", i, to)
				return nil
			}))
			if i%10 == 9 {
				total += len(results(pool.SendBatch(background, queue("SELECT amount < 100000 FROM account WHERE id = $1", 1, 2, 3)), 3))
			}
		}
		return total
	}))
	show("pool", "amounts", fetch(pool, "SELECT id, amount FROM account ORDER BY id"))
	// The driver closes a connection that comes back within a transaction.
	left, err := pool.Acquire(background)
	check(err)
	show("pool", "left open", execute(left, "BEGIN"), execute(left, "DELETE FROM account"))
	left.Release()
	show("pool", "undone", fetch(pool, "SELECT count(*) FROM account"))
	transaction, err := pool.BeginTx(background, pgx.TxOptions{IsoLevel: pgx.Serializable, AccessMode: pgx.ReadOnly})
	check(err)
	show("pool", "read only", fetch(transaction, "SHOW transaction_isolation"), execute(transaction, "DELETE FROM account"), failure(transaction.Commit(background)))
	pool.Close()
}

// standard goes through database/sql, which prepares and closes by itself.
func standard(*pgx.Conn) {
	database, err := sql.Open("pgx", "")
	check(err)
	defer database.Close()
	database.SetMaxOpenConns(5)
	statement, err := database.Prepare("SELECT $1::int + $2::int, $3::text")
	check(err)
	show("standard", "statement on many connections", inThreads(10, func(index int) interface{} {
		total := 0
		for i := 0; i < 20; i++ {
			var value int
			var text string
			check(statement.QueryRow(index, i, "x").Scan(&value, &text))
			total += value + len(text)
		}
		return total
	}))
	check(statement.Close())
	transaction, err := database.Begin()
	check(err)
	_, err = transaction.Exec("INSERT INTO account VALUES ($1, $2)", 100, 1)
	check(err)
	_, err = transaction.Exec("INSERT INTO account VALUES ($1, $2)", 100, 1)
	show("standard", "error", failure(err), transaction.Rollback())
	show("standard", "ping", database.Ping())
	for i := 0; i < 8; i++ {
		own, err := database.Prepare(fmt.Sprint("SELECT count(*) FROM account WHERE id < $1 + ", i))
		check(err)
		var count int
		check(own.QueryRow(3).Scan(&count))
		show("standard", "prepared and closed", count, own.Close())
	}
}

func notify(connection *pgx.Conn) {
	check(connection.BeginFunc(background, func(transaction pgx.Tx) error {
		execute(transaction, "LISTEN news")
		fetch(transaction, "SELECT pg_notify('news', $1)", "to myself")
		return nil
	}))
	notification, err := connection.WaitForNotification(background)
	check(err)
	show("notify", "received", notification.Channel, notification.Payload)
}

func savepoints(connection *pgx.Conn) {
	check(connection.BeginFunc(background, func(transaction pgx.Tx) error {
		execute(transaction, "CREATE TEMPORARY TABLE steps (n int) ON COMMIT DROP")
		for i := 0; i < 5; i++ {
			err := transaction.BeginFunc(background, func(step pgx.Tx) error {
				execute(step, "INSERT INTO steps VALUES ($1)", i)
				if i%2 == 1 {
					return errors.New(fetch(step, "SELECT 1 / $1::int", 0))
				}
				return nil
			})
			show("savepoints", "step", failure(err))
		}
		show("savepoints", "kept", fetch(transaction, "SELECT array_agg(n ORDER BY n) FROM steps"))
		return nil
	}))
}

func cursors(connection *pgx.Conn) {
	transaction, err := connection.Begin(background)
	check(err)
	execute(transaction, "DECLARE numbers SCROLL CURSOR FOR SELECT generate_series(1, 1000) AS n")
	for _, step := range []string{"FETCH 2 FROM numbers", "MOVE 500 IN numbers", "FETCH 2 FROM numbers", "FETCH PRIOR FROM numbers", "FETCH LAST FROM numbers"} {
		show("cursors", step, fetch(transaction, step))
	}
	check(transaction.Commit(background))
	show("cursors", "gone", fetch(connection, "FETCH 1 FROM numbers"))
	// Rows that are left alone are read to their end by Close.
	rows, err := connection.Query(background, "SELECT generate_series(1, $1)", 100000)
	check(err)
	rows.Next()
	rows.Close()
	show("cursors", "left early", rows.CommandTag(), fetch(connection, "SELECT 'usable'"))
	rows, err = connection.Query(background, "SELECT 1")
	check(err)
	show("cursors", "busy", fetch(connection, "SELECT 2"))
	rows.Close()
}

func largeObjects(connection *pgx.Conn) {
	data := bytes.Repeat([]byte("0123456789abcdef\x00\xff"), 60000)
	var oid uint32
	check(connection.BeginFunc(background, func(transaction pgx.Tx) error {
		objects := transaction.LargeObjects()
		made, err := objects.Create(background, 0)
		check(err)
		oid = made
		object, err := objects.Open(background, oid, pgx.LargeObjectModeWrite)
		check(err)
		written, err := object.Write(data)
		show("large_objects", "written", written, err)
		return object.Close()
	}))
	check(connection.BeginFunc(background, func(transaction pgx.Tx) error {
		objects := transaction.LargeObjects()
		object, err := objects.Open(background, oid, pgx.LargeObjectModeRead|pgx.LargeObjectModeWrite)
		check(err)
		whole, err := io.ReadAll(object)
		show("large_objects", "whole", bytes.Equal(whole, data), err)
		at, err := object.Seek(1000, io.SeekStart)
		check(err)
		part := make([]byte, 50)
		count, err := object.Read(part)
		show("large_objects", "part", at, count, sum(part), err)
		check(object.Truncate(500))
		end, err := object.Seek(0, io.SeekEnd)
		show("large_objects", "cut off", end, err)
		return objects.Unlink(background, oid)
	}))
	show("large_objects", "gone", strings.ReplaceAll(fetch(connection, "SELECT lo_get($1)", oid), fmt.Sprint(oid), "OID"))
}

func twoPhase(connection *pgx.Conn) {
	for number, end := range []string{"COMMIT", "ROLLBACK"} {
		transaction, err := connection.Begin(background)
		check(err)
		execute(transaction, "INSERT INTO strict VALUES ($1, 'xa')", 100*(number+1))
		execute(transaction, "PREPARE TRANSACTION 'pgx "+end+"'")
		// The block is over for the server; the driver sends COMMIT all the same.
		show("two_phase", "block", failure(transaction.Commit(background)))
		show("two_phase", "prepared", fetch(connection, "SELECT gid FROM pg_prepared_xacts WHERE gid LIKE 'pgx %' AND database = current_database()"))
		show("two_phase", end, execute(connection, end+" PREPARED 'pgx "+end+"'"), fetch(connection, "SELECT array_agg(n) FROM strict WHERE t = 'xa'"))
	}
}

func bigValues(*pgx.Conn) {
	for _, mode := range modes {
		connection := open(mode)
		text := strings.Repeat("\u00e4bcdefghij", 500000)
		var length int
		var echo string
		check(connection.QueryRow(background, "SELECT length($1::text), $1::text", text).Scan(&length, &echo))
		show("big_values", mode, "text", length, echo == text)
		data := bytes.Repeat([]byte("0123456789abcdef\x00\xff"), 250000)
		var back []byte
		check(connection.QueryRow(background, "SELECT length($1::bytea), $1::bytea", data).Scan(&length, &back))
		show("big_values", mode, "bytea", length, bytes.Equal(data, back))
		check(connection.Close(background))
	}
}

func unicode(*pgx.Conn) {
	text := "\u00e4\u00f6\u00fc \u20ac \u65e5\u672c \U0001f418 'quoted' \\ back"
	for _, mode := range modes {
		connection := open(mode)
		show("unicode", mode, fetch(connection, "SELECT $1::text AS \"spalte \u00e4\", length($2::text), octet_length($3::text)", text, text, text))
		show("unicode", "NUL", fetch(connection, "SELECT $1::text", "a\x00b"))
		show("unicode", "wrong", fetch(connection, "SELECT $1::text", "a\xff"))
		show("unicode", "afterwards", fetch(connection, "SELECT 'usable'"))
		check(connection.Close(background))
	}
}

func timezone(connection *pgx.Conn) {
	moment := time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC)
	execute(connection, "SET TIME ZONE 'Asia/Kathmandu'")
	show("timezone", "set", fetch(connection, "SELECT $1::timestamptz::text, current_setting('TimeZone')", moment))
	var value time.Time
	check(connection.QueryRow(background, "SELECT $1::timestamptz", moment).Scan(&value))
	show("timezone", "value", value.UTC(), connection.PgConn().ParameterStatus("TimeZone"))
	execute(connection, "RESET TIME ZONE")
	show("timezone", "reset", fetch(connection, "SHOW TimeZone"))
}

// The time zone of the machine plays no part in how values are printed.
func init() {
	check(os.Setenv("TZ", "UTC"))
	time.Local = time.UTC
}
