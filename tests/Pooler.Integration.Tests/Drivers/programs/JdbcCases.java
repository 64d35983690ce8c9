import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.*;
import java.util.*;
import java.util.concurrent.*;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** pgjdbc: the extended protocol, statements named after five uses, batches, portals read in parts. The environment (PGHOST, PGPORT, ...) says where to. */
public class JdbcCases {
    private static final String SLEEPING = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";

    private interface Work {
        void run() throws Exception;
    }

    private interface Part<T> {
        T run(int index) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        try (Connection connection = open("")) {
            crud(connection);
            prepared(connection);
            pipeline(connection);
            copy(connection);
            cancel(connection);
            error(connection);
            reconnect();
            notify(connection);
            savepoints(connection);
            cursors(connection);
            largeObjects(connection);
            twoPhase(connection);
            bigValues(connection);
            unicode(connection);
            timezone(connection);
        }
    }

    private static Connection open(String options) throws SQLException {
        Map<String, String> environment = System.getenv();
        return DriverManager.getConnection(
            "jdbc:postgresql://" + environment.get("PGHOST") + ":" + environment.get("PGPORT") + "/" + environment.get("PGDATABASE") + "?" + options,
            environment.get("PGUSER"), environment.get("PGPASSWORD"));
    }

    private static void show(String name, String what, Object value) {
        System.out.println((name + " " + what + ": " + value).replace("\n", " "));
    }

    private static String md5(byte[] data) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(data));
    }

    /** Runs what has to fail and returns SQLSTATE and message. */
    private static String failure(Work work) throws Exception {
        try {
            work.run();
            return "no error";
        } catch (SQLException error) {
            return error.getSQLState() + " " + error.getMessage();
        }
    }

    private static int execute(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.execute() ? -1 : statement.getUpdateCount();
        }
    }

    private static List<Object> rows(ResultSet result) throws SQLException {
        List<Object> rows = new ArrayList<>();
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
            List<Object> row = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
                row.add(result.getString(i));
            }
            rows.add(row);
        }
        return rows;
    }

    private static List<Object> fetch(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                return rows(result);
            }
        }
    }

    /** Runs the work with 0 to count - 1 at the same time and returns the results in that order. */
    private static <T> List<T> inThreads(int count, Part<T> part) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Callable<T>> calls = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int index = i;
                calls.add(() -> part.run(index));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }

    /** Waits until a session sleeps; the test's own limit ends a program that waits in vain. */
    private static void whenSleeping(Connection monitor, String select) throws Exception {
        while (fetch(monitor, "SELECT " + select + " " + SLEEPING).isEmpty()) {
            Thread.sleep(10);
        }
    }

    private static void crud(Connection connection) throws Exception {
        execute(connection, "CREATE TABLE item (id serial PRIMARY KEY, name text UNIQUE, price numeric(10, 2), made date, tags text[])");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO item (name, price, made, tags) VALUES (?, ?, ?, ?)", Statement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, "one");
            insert.setBigDecimal(2, new java.math.BigDecimal("1.50"));
            insert.setObject(3, java.time.LocalDate.of(2024, 2, 29));
            insert.setArray(4, connection.createArrayOf("text", new Object[] {"a", "b"}));
            insert.executeUpdate();
            show("crud", "returned", rows(insert.getGeneratedKeys()));
        }
        for (int i = 0; i < 20; i++) {
            execute(connection, "INSERT INTO item (name, price) VALUES (?, ?)", "item " + i, i);
        }
        show("crud", "updated", execute(connection, "UPDATE item SET price = price * 2 WHERE price > ?", 10));
        show("crud", "deleted", execute(connection, "DELETE FROM item WHERE name LIKE ?", "item 1%"));
        try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery("SELECT * FROM item ORDER BY id LIMIT 3")) {
            ResultSetMetaData columns = result.getMetaData();
            List<String> names = new ArrayList<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                names.add(columns.getColumnName(i) + " " + columns.getColumnTypeName(i) + " " + columns.isAutoIncrement(i));
            }
            show("crud", "columns", names);
            show("crud", "rows", rows(result));
        }
        try (Statement statement = connection.createStatement()) {
            List<Object> results = new ArrayList<>();
            for (boolean more = statement.execute("SELECT 1; DELETE FROM item WHERE id = 3; SELECT count(*) FROM item"); more || statement.getUpdateCount() != -1; more = statement.getMoreResults()) {
                results.add(more ? rows(statement.getResultSet()) : statement.getUpdateCount());
            }
            show("crud", "several statements", results);
        }
        try (ResultSet tables = connection.getMetaData().getColumns(null, "public", "item", "%")) {
            List<String> names = new ArrayList<>();
            while (tables.next()) {
                names.add(tables.getString("COLUMN_NAME") + " " + tables.getString("TYPE_NAME"));
            }
            show("crud", "metadata", names);
        }
        try (Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
            ResultSet result = statement.executeQuery("SELECT id, name FROM item WHERE id = 1")) {
            result.next();
            result.updateString("name", "changed");
            result.updateRow();
        }
        show("crud", "updated in the result", fetch(connection, "SELECT name FROM item WHERE id = 1"));
    }

    private static void prepared(Connection connection) throws Exception {
        execute(connection, "CREATE TABLE counted (n int)");
        for (int i = 0; i < 12; i++) {
            execute(connection, "INSERT INTO counted VALUES (?)", i);
        }
        for (String options : List.of("prepareThreshold=1", "prepareThreshold=5", "prepareThreshold=-1", "preparedStatementCacheQueries=3&prepareThreshold=1", "preferQueryMode=simple")) {
            try (Connection own = open(options)) {
                long total = 0;
                for (int i = 0; i < 180; i++) {
                    total += Long.parseLong((String) ((List<?>) fetch(own, "SELECT sum(n) + " + i % 30 + " FROM counted WHERE n > ?", i % 7).get(0)).get(0));
                }
                show("prepared", options, total);
            }
        }
        show("prepared", "connections at once", inThreads(6, index -> {
            long total = 0;
            try (Connection own = open("prepareThreshold=2")) {
                own.setAutoCommit(index % 2 == 0);
                for (int i = 0; i < 60; i++) {
                    total += Long.parseLong((String) ((List<?>) fetch(own, "SELECT ?::int + ?::int + " + i % 10, index, i).get(0)).get(0));
                    if (index % 2 == 1 && i % 4 == 3) {
                        own.commit();
                    }
                }
                if (index % 2 == 1) {
                    own.commit();
                }
            }
            return total;
        }));
        for (int i = 0; i < 7; i += 3) {
            int value = i;
            show("prepared", "failed", failure(() -> fetch(connection, "SELECT nothing FROM counted WHERE n = ?", value)));
        }
        for (int i = 0; i < 8; i++) {
            int value = i % 4;
            show("prepared", "failed in execution", failure(() -> fetch(connection, "SELECT 1 / ?::int", value)));
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT n, n * 2.5 AS more FROM counted WHERE n > ?")) {
            show("prepared", "described", statement.getMetaData().getColumnTypeName(2) + " " + statement.getParameterMetaData().getParameterTypeName(1));
        }
        try (Connection own = open("prepareThreshold=1"); PreparedStatement star = own.prepareStatement("SELECT * FROM counted WHERE n = ?")) {
            star.setInt(1, 3);
            List<String> changes = List.of(
                "ADD COLUMN t varchar(10) DEFAULT 'word'", "ALTER COLUMN t TYPE varchar(20)", "ALTER COLUMN n TYPE bigint", "RENAME COLUMN t TO u", "DROP COLUMN u", "ALTER COLUMN n TYPE int");
            for (String change : changes) {
                star.executeQuery();
                execute(own, "ALTER TABLE counted " + change);
                List<Object> results = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    ResultSet result = star.executeQuery();
                    result.next();
                    results.add(result.getMetaData().getColumnCount() + " " + result.getMetaData().getColumnName(1) + " " + result.getObject(1).getClass().getSimpleName() + " " + result.getString(1));
                }
                show("prepared", change, results);
            }
        }
    }

    private static void pipeline(Connection connection) throws Exception {
        execute(connection, "CREATE TABLE batch (n int PRIMARY KEY, t text)");
        for (String options : List.of("", "reWriteBatchedInserts=true", "prepareThreshold=1")) {
            try (Connection own = open(options); PreparedStatement insert = own.prepareStatement("INSERT INTO batch VALUES (?, ?)")) {
                for (int round = 0; round < 3; round++) {
                    for (int i = 0; i < 300; i++) {
                        insert.setInt(1, round * 1000 + i);
                        insert.setString(2, "row " + i);
                        insert.addBatch();
                    }
                    int[] counts = insert.executeBatch();
                    if (round == 2) {
                        show("pipeline", "batch " + options, counts.length + " " + rows(own.createStatement().executeQuery("SELECT count(*), sum(n) FROM batch")));
                    }
                }
                for (int i = 0; i < 300; i++) {
                    insert.setInt(1, i == 150 ? 7 : 5000 + i);
                    insert.setString(2, "broken");
                    insert.addBatch();
                }
                try {
                    insert.executeBatch();
                    show("pipeline", "broken batch", "no error");
                } catch (BatchUpdateException error) {
                    show("pipeline", "broken batch", error.getSQLState() + " " + error.getUpdateCounts().length + " " + Arrays.stream(error.getUpdateCounts()).distinct().boxed().toList());
                }
            }
            show("pipeline", "kept", fetch(connection, "SELECT count(*) FROM batch"));
            execute(connection, "TRUNCATE batch");
        }
        try (Statement statement = connection.createStatement()) {
            for (int i = 0; i < 50; i++) {
                statement.addBatch("INSERT INTO batch VALUES (" + i + ", 'text')");
                statement.addBatch("UPDATE batch SET t = 'changed' WHERE n % 2 = " + i % 2);
            }
            show("pipeline", "statements", Arrays.toString(statement.executeBatch()));
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO batch VALUES (?, 'keys') RETURNING n * 2", Statement.RETURN_GENERATED_KEYS)) {
            for (int i = 100; i < 110; i++) {
                insert.setInt(1, i);
                insert.addBatch();
            }
            insert.executeBatch();
            show("pipeline", "generated keys", rows(insert.getGeneratedKeys()));
        }
        show("pipeline", "connections at once", inThreads(6, index -> {
            try (Connection own = open("prepareThreshold=1"); PreparedStatement insert = own.prepareStatement("INSERT INTO batch VALUES (?, ?)")) {
                own.setAutoCommit(false);
                for (int round = 0; round < 10; round++) {
                    for (int i = 0; i < 20; i++) {
                        insert.setInt(1, 10000 + 1000 * index + 20 * round + i);
                        insert.setString(2, "thread " + index);
                        insert.addBatch();
                    }
                    insert.executeBatch();
                    if (round % 3 == 2) {
                        own.rollback();
                    } else {
                        own.commit();
                    }
                }
                List<Object> sum = fetch(own, "SELECT sum(n) FROM batch WHERE t = ?", "thread " + index);
                own.commit();
                return sum;
            }
        }));
    }

    private static void copy(Connection connection) throws Exception {
        execute(connection, "CREATE TABLE copied (n int, t text)");
        org.postgresql.copy.CopyManager manager = connection.unwrap(PGConnection.class).getCopyAPI();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20000; i++) {
            lines.append(i).append("\tline ").append(i).append(" \u20ac\n");
        }
        String text = lines.toString();
        show("copy", "in", manager.copyIn("COPY copied FROM STDIN", new StringReader(text)));
        StringWriter out = new StringWriter();
        show("copy", "out", manager.copyOut("COPY (SELECT * FROM copied ORDER BY n) TO STDOUT", out) + " " + out.toString().equals(text));
        ByteArrayOutputStream binary = new ByteArrayOutputStream();
        manager.copyOut("COPY (SELECT * FROM copied ORDER BY n) TO STDOUT (FORMAT binary)", binary);
        show("copy", "binary out", md5(binary.toByteArray()));
        show("copy", "binary in", manager.copyIn("COPY copied FROM STDIN (FORMAT binary)", new ByteArrayInputStream(binary.toByteArray())));
        Reader broken = new Reader() {
            private int _parts;

            @Override
            public int read(char[] target, int offset, int length) throws IOException {
                if (_parts++ == 10) {
                    throw new IOException("the source is broken");
                }
                String part = "1\tline\n".repeat(100);
                part.getChars(0, part.length(), target, offset);
                return part.length();
            }

            @Override
            public void close() {
            }
        };
        try {
            show("copy", "aborted", failure(() -> manager.copyIn("COPY copied FROM STDIN", broken)));
        } catch (IOException error) {
            show("copy", "aborted", error.getMessage());
        }
        org.postgresql.copy.CopyIn half = manager.copyIn("COPY copied FROM STDIN");
        half.writeToCopy("1\tone\n".getBytes(StandardCharsets.UTF_8), 0, 6);
        half.cancelCopy();
        show("copy", "wrong data", failure(() -> manager.copyIn("COPY copied FROM STDIN", new StringReader(text + "x\ty\n" + text))));
        show("copy", "no such table", failure(() -> manager.copyIn("COPY nowhere FROM STDIN", new StringReader(text))));
        show("copy", "out with an error", failure(() -> manager.copyOut("COPY (SELECT 1 / (5000 - n) FROM copied ORDER BY n) TO STDOUT", new StringWriter())));
        show("copy", "rows", fetch(connection, "SELECT count(*), sum(n) FROM copied"));
    }

    private static void cancel(Connection connection) throws Exception {
        try (Statement statement = connection.createStatement()) {
            show("cancel", "query", inThreads(2, index -> {
                if (index == 0) {
                    return failure(() -> statement.executeQuery("SELECT pg_sleep(60)"));
                }
                try (Connection monitor = open("")) {
                    whenSleeping(monitor, "1");
                    statement.cancel();
                }
                return "cancelled";
            }));
            show("cancel", "afterwards", fetch(connection, "SELECT 'usable'"));
            statement.setQueryTimeout(1);
            show("cancel", "timeout", failure(() -> statement.executeQuery("SELECT pg_sleep(60)")));
        }
        connection.setAutoCommit(false);
        show("cancel", "server", inThreads(2, index -> {
            if (index == 0) {
                return failure(() -> fetch(connection, "SELECT pg_sleep(?)", 60));
            }
            try (Connection monitor = open("")) {
                whenSleeping(monitor, "pg_cancel_backend(pid)");
            }
            return "cancelled";
        }));
        show("cancel", "transaction", failure(() -> fetch(connection, "SELECT 1")));
        connection.rollback();
        connection.setAutoCommit(true);
        show("cancel", "afterwards", fetch(connection, "SELECT 'usable'"));
    }

    private static void error(Connection connection) throws Exception {
        execute(connection, "CREATE TABLE strict (n int CONSTRAINT strict_key PRIMARY KEY CHECK (n > 0), t varchar(3) NOT NULL)");
        execute(connection, "INSERT INTO strict VALUES (1, 'a')");
        connection.setAutoCommit(false);
        String[][] failing = {
            {"duplicate", "INSERT INTO strict VALUES (1, 'b')"}, {"check", "INSERT INTO strict VALUES (-1, 'b')"}, {"null", "INSERT INTO strict VALUES (2, NULL)"},
            {"long", "INSERT INTO strict VALUES (3, 'four')"}, {"syntax", "SELEKT 1"}, {"no table", "SELECT * FROM nowhere"}, {"division", "SELECT 1; SELECT 1 / 0; SELECT 2"},
        };
        for (String[] each : failing) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(each[1]);
                statement.getMoreResults();
                show("error", each[0], "no error");
            } catch (PSQLException error) {
                ServerErrorMessage message = error.getServerErrorMessage();
                show("error", each[0], List.of(error.getSQLState(), message.getSeverity(), message.getMessage(), "" + message.getDetail(), message.getPosition(), "" + message.getConstraint()));
            }
            show("error", each[0] + " again", failure(() -> fetch(connection, "SELECT 1")));
            connection.rollback();
        }
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("DO $$ BEGIN RAISE WARNING 'look here'; END $$");
            show("error", "notices", statement.getWarnings().getMessage());
        }
        show("error", "rows", fetch(connection, "SELECT count(*) FROM strict"));
    }

    private static void reconnect() throws Exception {
        try (Connection connection = open("")) {
            show("reconnect", "own server", failure(() -> fetch(connection, "SELECT pg_terminate_backend(pg_backend_pid())")));
            show("reconnect", "closed", connection.isClosed() + " " + connection.isValid(5));
        }
        try (Connection connection = open("")) {
            show("reconnect", "running", inThreads(2, index -> {
                if (index == 0) {
                    return failure(() -> fetch(connection, "SELECT pg_sleep(?)", 60));
                }
                try (Connection monitor = open("")) {
                    whenSleeping(monitor, "pg_terminate_backend(pid)");
                }
                return "terminated";
            }));
        }
        try (Connection connection = open("")) {
            show("reconnect", "new connection", connection.isValid(5) + " " + fetch(connection, "SELECT count(*) FROM strict"));
        }
    }

    private static void notify(Connection connection) throws Exception {
        connection.setAutoCommit(false);
        execute(connection, "LISTEN news");
        fetch(connection, "SELECT pg_notify('news', ?)", "to myself");
        connection.commit();
        connection.setAutoCommit(true);
        List<String> received = new ArrayList<>();
        for (PGNotification notification : connection.unwrap(PGConnection.class).getNotifications()) {
            received.add(notification.getName() + " " + notification.getParameter());
        }
        show("notify", "received", received);
    }

    private static void savepoints(Connection connection) throws Exception {
        connection.setAutoCommit(false);
        execute(connection, "CREATE TEMPORARY TABLE steps (n int) ON COMMIT DROP");
        for (int i = 0; i < 5; i++) {
            Savepoint savepoint = connection.setSavepoint();
            execute(connection, "INSERT INTO steps VALUES (?)", i);
            if (i % 2 == 1) {
                failure(() -> fetch(connection, "SELECT 1 / 0"));
                connection.rollback(savepoint);
            } else {
                connection.releaseSavepoint(savepoint);
            }
        }
        show("savepoints", "kept", fetch(connection, "SELECT array_agg(n ORDER BY n) FROM steps"));
        connection.commit();
        connection.setAutoCommit(true);
        try (Connection own = open("autosave=always")) {
            own.setAutoCommit(false);
            execute(own, "INSERT INTO strict VALUES (50, 'x')");
            show("savepoints", "autosave", failure(() -> execute(own, "INSERT INTO strict VALUES (50, 'x')")));
            show("savepoints", "autosave kept", fetch(own, "SELECT count(*) FROM strict WHERE n = 50"));
            own.rollback();
        }
    }

    private static void cursors(Connection connection) throws Exception {
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement("SELECT n FROM generate_series(1, ?) n")) {
            statement.setFetchSize(70);
            for (int round = 0; round < 7; round++) {
                statement.setInt(1, 1000);
                long sum = 0;
                try (ResultSet result = statement.executeQuery()) {
                    while (result.next() && (round != 5 || result.getInt(1) < 300)) {
                        sum += result.getInt(1);
                    }
                }
                show("cursors", "portal in parts", sum);
            }
        }
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(3);
            statement.setMaxRows(8);
            show("cursors", "at most", rows(statement.executeQuery("SELECT n FROM generate_series(1, 1000) n")));
        }
        execute(connection, "CREATE FUNCTION numbers() RETURNS refcursor LANGUAGE plpgsql AS $$ DECLARE c refcursor := 'c1'; BEGIN OPEN c FOR SELECT generate_series(1, 5); RETURN c; END $$");
        try (CallableStatement call = connection.prepareCall("{? = call numbers()}")) {
            call.registerOutParameter(1, Types.REF_CURSOR);
            call.execute();
            show("cursors", "refcursor", rows((ResultSet) call.getObject(1)));
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static void largeObjects(Connection connection) throws Exception {
        byte[] data = new byte[1 << 20];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i * 31);
        }
        connection.setAutoCommit(false);
        LargeObjectManager manager = connection.unwrap(PGConnection.class).getLargeObjectAPI();
        long oid = manager.createLO();
        try (LargeObject large = manager.open(oid, LargeObjectManager.WRITE)) {
            large.write(data);
        }
        connection.commit();
        try (LargeObject large = manager.open(oid, LargeObjectManager.READ)) {
            large.seek(1000);
            show("large_objects", "part", md5(large.read(5000)));
            large.seek(0);
            try (InputStream stream = large.getInputStream()) {
                show("large_objects", "whole", Arrays.equals(data, stream.readAllBytes()));
            }
        }
        manager.delete(oid);
        connection.commit();
        show("large_objects", "gone", failure(() -> manager.open(oid, LargeObjectManager.READ)).replace("" + oid, "OID"));
        connection.rollback();
        connection.setAutoCommit(true);
    }

    private static void twoPhase(Connection connection) throws Exception {
        for (String end : List.of("COMMIT", "ROLLBACK")) {
            connection.setAutoCommit(false);
            execute(connection, "INSERT INTO strict VALUES (?, 'xa')", end.equals("COMMIT") ? 100 : 200);
            execute(connection, "PREPARE TRANSACTION 'jdbc " + end + "'");
            connection.commit();
            connection.setAutoCommit(true);
            show("two_phase", "prepared", fetch(connection, "SELECT gid FROM pg_prepared_xacts WHERE gid LIKE 'jdbc %' AND database = current_database()"));
            execute(connection, end + " PREPARED 'jdbc " + end + "'");
            show("two_phase", end, fetch(connection, "SELECT array_agg(n) FROM strict WHERE t = 'xa'"));
        }
    }

    private static void bigValues(Connection connection) throws Exception {
        String text = "\u00e4bcdefghij".repeat(1000000);
        List<?> row = (List<?>) fetch(connection, "SELECT length(?), ?", text, text).get(0);
        show("big_values", "text", row.get(0) + " " + md5(((String) row.get(1)).getBytes(StandardCharsets.UTF_8)));
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        try (PreparedStatement statement = connection.prepareStatement("SELECT length(?::bytea), ?::bytea")) {
            statement.setBytes(1, data);
            statement.setBytes(2, data);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                show("big_values", "bytea", result.getInt(1) + " " + md5(result.getBytes(2)));
            }
        }
    }

    private static void unicode(Connection connection) throws Exception {
        String text = "\u00e4\u00f6\u00fc \u20ac \u65e5\u672c \ud83d\udc18 'quoted' \\ back";
        show("unicode", "echo", fetch(connection, "SELECT ?, length(?), octet_length(?)", text, text, text).equals(List.of(List.of(text, "26", "38"))));
        show("unicode", "NUL", failure(() -> fetch(connection, "SELECT ?", "a\0b")));
        show("unicode", "afterwards", fetch(connection, "SELECT 'usable'"));
    }

    private static void timezone(Connection connection) throws Exception {
        execute(connection, "SET TIME ZONE 'Asia/Kathmandu'");
        show("timezone", "set", fetch(connection, "SELECT '2024-06-01 12:00:00+00'::timestamptz::text, current_setting('TimeZone')"));
        try (ResultSet result = connection.createStatement().executeQuery("SELECT '2024-06-01 12:00:00+00'::timestamptz")) {
            result.next();
            show("timezone", "value", result.getObject(1, java.time.OffsetDateTime.class).toInstant());
        }
        show("timezone", "parameter", connection.unwrap(PGConnection.class).getParameterStatus("TimeZone"));
        execute(connection, "SET TIME ZONE 'UTC'");
        show("timezone", "set again", fetch(connection, "SHOW TimeZone"));
    }
}
