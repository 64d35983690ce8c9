// pgx: Go, the extended protocol in three ways and the simple one, values in binary form, batches, statements given up by DEALLOCATE, connections that a
// context closes. The environment (PGHOST, PGPORT, ...) says where to.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgx/v4"
)

// Without a cache the driver prepares the unnamed statement in one transaction and uses it in the next.
var modes = []string{"prepare", "few", "describe", "unnamed", "simple"}

func main() {
	connection := open("prepare")
	status := connection.PgConn().ParameterStatus
	show("connect", "parameters", status("client_encoding"), status("DateStyle"), status("integer_datetimes"), status("standard_conforming_strings"))
	for _, work := range []func(*pgx.Conn){
		crud, prepared, changed, batches, pools, standard, copies, cancel, failures, reconnect, notify, savepoints, cursors, largeObjects, twoPhase, bigValues,
		unicode, timezone,
	} {
		work(connection)
	}
	check(connection.Close(background))
}

func crud(*pgx.Conn) {
	for _, mode := range modes {
		connection := open(mode)
		show("crud", mode, execute(connection, "CREATE TABLE item (id serial PRIMARY KEY, name text UNIQUE, price numeric(10, 2), made date, tags text[], more jsonb)"))
		made := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
		show("crud", "returned", fetch(connection, "INSERT INTO item (name, price, made, tags, more) VALUES ($1, $2, $3, $4, $5) RETURNING id",
			"one", "1.50", made, []string{"a", "b"}, `{"k": [1, null]}`))
		for i := 0; i < 20; i++ {
			execute(connection, "INSERT INTO item (name, price) VALUES ($1, $2)", fmt.Sprint("item ", i), i)
		}
		show("crud", "updated", execute(connection, "UPDATE item SET price = price * 2 WHERE price > $1", 10))
		show("crud", "deleted", execute(connection, "DELETE FROM item WHERE name LIKE $1", "item 1%"))
		show("crud", "rows", fetch(connection, "SELECT id, name, price::text, made, tags, more, '\\x00ff'::bytea, 1.5::float8 FROM item WHERE id > $1 ORDER BY id LIMIT 3", 0))
		show("crud", "no rows", fetch(connection, "SELECT id FROM item WHERE id < $1", 0))
		show("crud", "several statements", execute(connection, "SELECT 1; SELECT 2; DELETE FROM item WHERE id = 3"))
		show("crud", "nothing", execute(connection, ";"))
		show("crud", "count", fetch(connection, "SELECT count(*) FROM item"), fetch(connection, "DROP TABLE item"))
		check(connection.Close(background))
	}
}

func prepared(connection *pgx.Conn) {
	execute(connection, "CREATE TABLE counted (n int)")
	for i := 0; i < 12; i++ {
		execute(connection, "INSERT INTO counted VALUES ($1)", i)
	}
	for _, mode := range modes {
		results := inThreads(6, func(index int) interface{} {
			own := open(mode)
			defer own.Close(background)
			var text strings.Builder
			for i := 0; i < 40; i++ {
				text.WriteString(fetch(own, fmt.Sprint("SELECT $1::int + $2::int + ", i%10), index, i))
				if i%8 == 0 {
					check(own.BeginFunc(background, func(transaction pgx.Tx) error {
						text.WriteString(fetch(transaction, fmt.Sprint("SELECT sum(n) - $1::int FROM counted WHERE n > ", i%10), i))
						return nil
					}))
				}
			}
			return sum([]byte(text.String()))
		})
		show("prepared", "connections at once", mode, results)
		own := open(mode)
		for i := 0; i < 3; i++ {
			show("prepared", "failed", fetch(own, "SELECT nothing FROM counted WHERE n = $1", i))
			show("prepared", "failed in execution", fetch(own, "SELECT 1 / $1::int", i-1))
		}
		own.Close(background)
	}
	for i := 0; i < 30; i++ {
		_, err := connection.Prepare(background, fmt.Sprint("my statement ", i), fmt.Sprintf("SELECT sum(n) + %d FROM counted WHERE n > $1", i))
		check(err)
	}
	for round := 0; round < 3; round++ {
		for i := 0; i < 30; i += 7 {
			show("prepared", "by name", fetch(connection, fmt.Sprint("my statement ", i), i%7))
		}
	}
	show("prepared", "given up", failure(connection.Deallocate(background, "my statement 7")), fetch(connection, "my statement 7", 1))
	show("prepared", "given up twice", failure(connection.Deallocate(background, "my statement 7")))
	description, err := connection.Prepare(background, "my statement 7", "SELECT n, n::text AS t FROM counted WHERE n = $1")
	check(err)
	show("prepared", "name used again", description.ParamOIDs, len(description.Fields), fetch(connection, "my statement 7", 1))
	own := open("unnamed")
	_, err = own.Prepare(background, "wrong", "SELECT nothing FROM counted")
	show("prepared", "refused", failure(err))
	_, err = own.Prepare(background, "wrong", "SELECT count(*) FROM counted")
	show("prepared", "right", failure(err), fetch(own, "wrong"))
	check(own.BeginFunc(background, func(transaction pgx.Tx) error {
		_, err := transaction.Prepare(background, "within", "SELECT $1::text || 'x'")
		show("prepared", "in a transaction", failure(err), fetch(transaction, "within", "a"))
		for i := 0; i < 3; i++ {
			show("prepared", "unnamed", fetch(transaction, fmt.Sprint("SELECT sum(n) + ", i, " FROM counted WHERE n > $1"), i))
		}
		show("prepared", "unnamed", results(transaction.SendBatch(background, queue("SELECT $1::text", "a", "b")), 2))
		return nil
	}))
	show("prepared", "after it", fetch(own, "within", "b"))
	check(own.Close(background))
}

// queue makes a batch of queries with one argument each.
func queue(sql string, arguments ...interface{}) *pgx.Batch {
	batch := &pgx.Batch{}
	for _, argument := range arguments {
		batch.Queue(sql, argument)
	}
	return batch
}

// results reads what each query of a batch gave, and how it ended.
func results(sent pgx.BatchResults, count int) string {
	var text strings.Builder
	for i := 0; i < count; i++ {
		rows, err := sent.Query()
		if err != nil {
			fmt.Fprint(&text, "[", failure(err), "]")
			continue
		}
		fmt.Fprint(&text, all(rows), rows.CommandTag())
	}
	return text.String() + " end: " + failure(sent.Close())
}

func batches(connection *pgx.Conn) {
	execute(connection, "CREATE TABLE batch (n int PRIMARY KEY, t text)")
	for at, mode := range modes {
		own := open(mode)
		first := 10000 * at
		batch := &pgx.Batch{}
		for i := 0; i < 200; i++ {
			batch.Queue("INSERT INTO batch VALUES ($1, $2) RETURNING n * 2", first+i, fmt.Sprint("row ", i))
			batch.Queue(fmt.Sprint("SELECT count(*) + ", i%12, " FROM batch WHERE n >= $1"), first)
		}
		text := results(own.SendBatch(background, batch), batch.Len())
		show("pipeline", mode, sum([]byte(text)), text[len(text)-40:])
		insert := "INSERT INTO batch VALUES ($1, 'many') RETURNING n"
		show("pipeline", "with an error", results(own.SendBatch(background, queue(insert, first+300, first+301, first, first+302)), 4))
		show("pipeline", "refused", results(own.SendBatch(background, queue("SELECT nothing FROM batch WHERE n = $1", 1, 2)), 2))
		show("pipeline", "afterwards", fetch(own, "SELECT count(*) FROM batch WHERE n >= $1", first))
		show("pipeline", "not read", failure(own.SendBatch(background, queue(insert, first+400, first+401)).Close()))
		check(own.BeginFunc(background, func(transaction pgx.Tx) error {
			show("pipeline", "in a transaction", results(transaction.SendBatch(background, queue(insert, first+500, first+501)), 2))
			err := transaction.BeginFunc(background, func(inner pgx.Tx) error {
				text := results(inner.SendBatch(background, queue(insert, first+502, first, first+503)), 3)
				show("pipeline", "in a savepoint", text)
				return errors.New("undo")
			})
			show("pipeline", "undone", err, results(transaction.SendBatch(background, queue(insert, first+504)), 1))
			return nil
		}))
		control := &pgx.Batch{}
		for _, sql := range []string{"BEGIN", fmt.Sprint("INSERT INTO batch VALUES (", first+600, ", 'x')"), "COMMIT", "BEGIN", "DELETE FROM batch", "ROLLBACK", "SELECT count(*) FROM batch"} {
			control.Queue(sql)
		}
		show("pipeline", "with its own transactions", results(own.SendBatch(background, control), control.Len()))
		show("pipeline", "empty", results(own.SendBatch(background, &pgx.Batch{}), 0))
		show("pipeline", "rows", fetch(own, "SELECT count(*), sum(n) FROM batch WHERE n >= $1", first))
		check(own.Close(background))
	}
	show("pipeline", "connections at once", inThreads(6, func(index int) interface{} {
		own := open(modes[index%len(modes)])
		defer own.Close(background)
		for round := 0; round < 10; round++ {
			batch := &pgx.Batch{}
			for i := 0; i < 20; i++ {
				batch.Queue("INSERT INTO batch VALUES ($1, $2)", 100000+1000*index+20*round+i, fmt.Sprint("routine ", index))
			}
			check(own.SendBatch(background, batch).Close())
		}
		return fetch(own, "SELECT count(*), sum(n) FROM batch WHERE t = $1", fmt.Sprint("routine ", index))
	}))
	low := &pgconn.Batch{}
	low.ExecParams("SELECT $1::int", [][]byte{[]byte("7")}, nil, nil, nil)
	low.ExecPrepared("my statement 0", [][]byte{[]byte("3")}, nil, nil)
	low.ExecParams("SELECT 1 / $1::int", [][]byte{[]byte("0")}, nil, nil, nil)
	low.ExecParams("SELECT 'skipped'", nil, nil, nil, nil)
	read, err := connection.PgConn().ExecBatch(background, low).ReadAll()
	for _, result := range read {
		show("pipeline", "by hand", result.Rows, result.CommandTag, result.Err)
	}
	show("pipeline", "by hand", failure(err), fetch(connection, "my statement 0", 3))
}

// source gives rows, and an error in the midst of them if it is to break.
type source struct{ next, rows, broken int }

func (s *source) Next() bool {
	s.next++
	return s.next <= s.rows && s.Err() == nil
}

func (s *source) Values() ([]interface{}, error) {
	return []interface{}{s.next, fmt.Sprint("line ", s.next, " \u20ac")}, nil
}

func (s *source) Err() error {
	if s.broken > 0 && s.next > s.broken {
		return errors.New("the source is broken")
	}
	return nil
}

func copies(connection *pgx.Conn) {
	execute(connection, "CREATE TABLE copied (n int, t text)")
	columns := []string{"n", "t"}
	for _, mode := range modes {
		own := open(mode)
		count, err := own.CopyFrom(background, pgx.Identifier{"copied"}, columns, &source{rows: 20000})
		show("copy", mode, count, failure(err))
		_, err = own.CopyFrom(background, pgx.Identifier{"copied"}, columns, &source{rows: 20000, broken: 15000})
		show("copy", "aborted", failure(err))
		_, err = own.CopyFrom(background, pgx.Identifier{"nowhere"}, columns, &source{rows: 10})
		show("copy", "no such table", failure(err))
		check(own.BeginFunc(background, func(transaction pgx.Tx) error {
			count, err := transaction.CopyFrom(background, pgx.Identifier{"copied"}, columns, &source{rows: 10})
			show("copy", "in a transaction", count, failure(err), fetch(transaction, "SELECT count(*) FROM copied WHERE n = $1", 1))
			return nil
		}))
		check(own.Close(background))
	}
	low := connection.PgConn()
	for _, format := range []string{"text", "binary"} {
		var data bytes.Buffer
		tag, err := low.CopyTo(background, &data, "COPY (SELECT * FROM copied ORDER BY n LIMIT 50000) TO STDOUT (FORMAT "+format+")")
		show("copy", "out", format, tag, failure(err), sum(data.Bytes()))
		whole := data.Bytes()
		tag, err = low.CopyFrom(background, bytes.NewReader(whole), "COPY copied FROM STDIN (FORMAT "+format+")")
		show("copy", "in", format, tag, failure(err))
		_, err = low.CopyFrom(background, bytes.NewReader(whole[:len(whole)-3]), "COPY copied FROM STDIN (FORMAT "+format+")")
		show("copy", "cut off", failure(err))
	}
	_, err := low.CopyFrom(background, strings.NewReader(strings.Repeat("1\tline\n", 50000)+"x\ty\n"+strings.Repeat("1\tline\n", 50000)), "COPY copied FROM STDIN")
	show("copy", "wrong data", failure(err))
	_, err = low.CopyTo(background, io.Discard, "COPY (SELECT 1 / (5000 - n) FROM copied ORDER BY n) TO STDOUT")
	show("copy", "out with an error", failure(err))
	show("copy", "rows", fetch(connection, "SELECT count(*), sum(n) FROM copied"))
}

func cancel(connection *pgx.Conn) {
	for _, mode := range []string{"prepare", "simple"} {
		for _, what := range []string{"query", "batch"} {
			own := open(mode)
			limited, stop := context.WithCancel(background)
			go func() {
				whenSleeping("1")
				stop()
			}()
			var err error
			if what == "query" {
				_, err = own.Exec(limited, "SELECT pg_sleep($1)", 60)
			} else {
				err = own.SendBatch(limited, queue("SELECT pg_sleep($1)", 0, 60, 0)).Close()
			}
			show("cancel", "context", mode, what, errors.Is(err, context.Canceled), own.IsClosed())
			// The driver asks the server to stop before it leaves.
			<-own.PgConn().CleanupDone()
			whenNobodySleeps()
		}
		own := open(mode)
		limited, stop := context.WithTimeout(background, 200*time.Millisecond)
		_, err := own.Exec(limited, "SELECT pg_sleep($1)", 60)
		show("cancel", "deadline", mode, pgconn.Timeout(err))
		stop()
		whenNobodySleeps()
	}
	for _, what := range []string{"request", "server"} {
		transaction, err := connection.Begin(background)
		check(err)
		show("cancel", what, inThreads(2, func(index int) interface{} {
			if index == 0 {
				return fetch(transaction, "SELECT pg_sleep($1)", 60)
			}
			if what == "server" {
				whenSleeping("pg_cancel_backend(pid)")
				return nil
			}
			whenSleeping("1")
			return connection.PgConn().CancelRequest(background)
		}))
		show("cancel", "transaction", fetch(transaction, "SELECT 1"), transaction.Rollback(background))
		show("cancel", "afterwards", fetch(connection, "SELECT 'usable'"))
	}
	limited, stop := context.WithCancel(background)
	stop()
	_, err := connection.Exec(limited, "SELECT $1::int", 1)
	show("cancel", "too late", failure(err), fetch(connection, "SELECT 'usable'"))
}

func failures(*pgx.Conn) {
	connection := open("prepare")
	execute(connection, "CREATE TABLE strict (n int CONSTRAINT strict_key PRIMARY KEY CHECK (n > 0), t varchar(3) NOT NULL)")
	execute(connection, "INSERT INTO strict VALUES (1, 'a')")
	check(connection.Close(background))
	for _, mode := range modes {
		var notices []string
		settings := config(mode)
		settings.OnNotice = func(_ *pgconn.PgConn, notice *pgconn.Notice) {
			notices = append(notices, notice.Severity+" "+notice.Message)
		}
		connection, err := pgx.ConnectConfig(background, settings)
		check(err)
		for _, each := range []struct {
			name, sql string
			arguments []interface{}
		}{
			{"duplicate", "INSERT INTO strict VALUES ($1, 'b')", []interface{}{1}}, {"check", "INSERT INTO strict VALUES ($1, 'b')", []interface{}{-1}},
			{"null", "INSERT INTO strict VALUES (2, $1)", []interface{}{nil}}, {"long", "INSERT INTO strict VALUES (3, $1)", []interface{}{"four"}},
			{"syntax", "SELEKT 1", nil}, {"no table", "SELECT * FROM nowhere WHERE n = $1", []interface{}{1}},
			{"division", "SELECT 1; SELECT 1 / 0; SELECT 2", nil}, {"two statements", "SELECT 1; SELECT $1::int", []interface{}{1}},
		} {
			for round := 0; round < 2; round++ {
				_, err := connection.Exec(background, each.sql, each.arguments...)
				var refused *pgconn.PgError
				if errors.As(err, &refused) {
					show("error", mode, each.name, refused.Code, refused.Severity, refused.Message, refused.Detail, refused.Position, refused.ConstraintName)
				} else {
					show("error", mode, each.name, err)
				}
			}
			transaction, err := connection.Begin(background)
			check(err)
			execute(transaction, each.sql, each.arguments...)
			show("error", each.name+" again", fetch(transaction, "SELECT 1"), failure(transaction.Commit(background)))
		}
		execute(connection, "DO $$ BEGIN RAISE WARNING 'look here'; END $$")
		show("error", "notices", notices)
		show("error", "rows", fetch(connection, "SELECT count(*) FROM strict"))
		check(connection.Close(background))
	}
}

func reconnect(*pgx.Conn) {
	connection := open("prepare")
	show("reconnect", "own server", fetch(connection, "SELECT pg_terminate_backend(pg_backend_pid())"))
	show("reconnect", "closed", connection.IsClosed(), fetch(connection, "SELECT 1"))
	connection = open("prepare")
	show("reconnect", "running", inThreads(2, func(index int) interface{} {
		if index == 0 {
			return fetch(connection, "SELECT pg_sleep($1)", 60)
		}
		whenSleeping("pg_terminate_backend(pid)")
		return nil
	}))
	show("reconnect", "closed", connection.IsClosed())
	connection = open("prepare")
	show("reconnect", "new connection", fetch(connection, "SELECT count(*) FROM strict"))
	check(connection.Close(background))
}
