package main

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgx/v4"
)

// What the cases share. Each prints one line per result: the case, what was looked at, and the value.

const sleeping = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"

var background = context.Background()

// querier is a connection, a transaction or a pool.
type querier interface {
	Exec(ctx context.Context, sql string, arguments ...interface{}) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, arguments ...interface{}) (pgx.Rows, error)
}

func show(name, what string, value ...interface{}) {
	fmt.Println(strings.ReplaceAll(fmt.Sprintf("%s %s: %s", name, what, strings.TrimSpace(fmt.Sprintln(value...))), "\n", " "))
}

func sum(data []byte) string {
	return fmt.Sprintf("%x", md5.Sum(data))
}

// check ends the program: what must not fail has failed.
func check(err error) {
	if err != nil {
		panic(err)
	}
}

// open connects to where the environment (PGHOST, PGPORT, ...) says, in one of the driver's ways to send a query.
func open(mode string) *pgx.Conn {
	connection, err := pgx.ConnectConfig(background, config(mode))
	check(err)
	return connection
}

func config(mode string) *pgx.ConnConfig {
	options := map[string]string{
		"prepare":  "",
		"few":      "statement_cache_capacity=4",
		"describe": "statement_cache_mode=describe",
		"unnamed":  "statement_cache_capacity=0",
		"simple":   "statement_cache_capacity=0",
	}
	made, err := pgx.ParseConfig(options[mode])
	check(err)
	made.PreferSimpleProtocol = mode == "simple"
	return made
}

// failure is the SQLSTATE and message of what has to fail.
func failure(err error) string {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Code + " " + refused.Message
	}
	if err != nil {
		return err.Error()
	}
	return "no error"
}

// fetch returns all rows as text, or how the query failed.
func fetch(on querier, sql string, arguments ...interface{}) string {
	rows, err := on.Query(background, sql, arguments...)
	if err != nil {
		return failure(err)
	}
	return all(rows)
}

func all(rows pgx.Rows) string {
	defer rows.Close()
	var text strings.Builder
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return err.Error()
		}
		fmt.Fprint(&text, values)
	}
	if rows.Err() != nil {
		return text.String() + failure(rows.Err())
	}
	return text.String()
}

// execute returns the command's tag, or how it failed.
func execute(on querier, sql string, arguments ...interface{}) string {
	tag, err := on.Exec(background, sql, arguments...)
	if err != nil {
		return failure(err)
	}
	return tag.String()
}

// inThreads runs work(0) to work(count - 1) at the same time and returns what they return, in that order.
func inThreads(count int, work func(index int) interface{}) []interface{} {
	results := make([]interface{}, count)
	var group sync.WaitGroup
	for i := 0; i < count; i++ {
		group.Add(1)
		go func(index int) {
			defer group.Done()
			results[index] = work(index)
		}(i)
	}
	group.Wait()
	return results
}

// waitUntil asks again until it holds; the test's own limit ends a program that waits in vain.
func waitUntil(condition func() bool) {
	for !condition() {
		time.Sleep(10 * time.Millisecond)
	}
}

// whenSleeping applies an expression to the one session that sleeps, as soon as there is one.
func whenSleeping(expression string) {
	monitor := open("prepare")
	defer monitor.Close(background)
	waitUntil(func() bool { return execute(monitor, "SELECT "+expression+" "+sleeping) == "SELECT 1" })
}

// whenNobodySleeps returns when the last sleeping session has been stopped.
func whenNobodySleeps() {
	monitor := open("prepare")
	defer monitor.Close(background)
	waitUntil(func() bool { return execute(monitor, "SELECT 1 "+sleeping) == "SELECT 0" })
}
