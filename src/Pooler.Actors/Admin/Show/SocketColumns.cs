using System.Collections.Immutable;
using System.Globalization;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Show;

/// <summary>The columns that SHOW CLIENTS, SERVERS and SOCKETS have in common, and their rows.</summary>
internal static class SocketColumns
{
    /// <summary>CLIENTS and SERVERS.</summary>
    public static ImmutableArray<ColumnDescription> Brief { get; } =
    [
        ResultTable.Text("type"),
        ResultTable.Text("user"),
        ResultTable.Text("database"),
        ResultTable.Text("replication"),
        ResultTable.Text("state"),
        ResultTable.Text("addr"),
        ResultTable.Int4("port"),
        ResultTable.Text("local_addr"),
        ResultTable.Int4("local_port"),
        ResultTable.Text("connect_time"),
        ResultTable.Text("request_time"),
        ResultTable.Int4("wait"),
        ResultTable.Int4("wait_us"),
        ResultTable.Int4("close_needed"),
        ResultTable.Text("ptr"),
        ResultTable.Text("link"),
        ResultTable.Int4("remote_pid"),
        ResultTable.Text("tls"),
        ResultTable.Text("application_name"),
        ResultTable.Int4("prepared_statements"),
        ResultTable.Int4("id"),
    ];

    /// <summary>SOCKETS and ACTIVE_SOCKETS.</summary>
    public static ImmutableArray<ColumnDescription> Full { get; } =
    [
        .. Brief,
        ResultTable.Int4("recv_pos"),
        ResultTable.Int4("pkt_pos"),
        ResultTable.Int4("pkt_remain"),
        ResultTable.Int4("send_pos"),
        ResultTable.Int4("send_remain"),
        ResultTable.Int4("pkt_avail"),
        ResultTable.Int4("send_avail"),
    ];

    /// <summary>A row of CLIENTS or SERVERS.</summary>
    public static string?[] BriefRow(SocketSnapshot socket, TimeZoneInfo zone) => [.. Values(socket, BriefState(socket), zone)];

    /// <summary>A row of SOCKETS.</summary>
    public static string?[] FullRow(SocketSnapshot socket, TimeZoneInfo zone) =>
    [
        .. Values(socket, FullState(socket.State), zone),
        ResultTable.Number(socket.RecvPos),
        ResultTable.Number(socket.PktPos),
        ResultTable.Number(socket.PktRemain),
        ResultTable.Number(socket.SendPos),
        ResultTable.Number(socket.SendRemain),
        ResultTable.Number(socket.PktAvail),
        ResultTable.Number(socket.SendAvail),
    ];

    private static string[] Values(SocketSnapshot socket, string state, TimeZoneInfo zone) =>
    [
        socket.IsServer ? "S" : "C",
        socket.User ?? "(nouser)",
        socket.Database ?? "(nodb)",
        socket.Replication,
        state,
        socket.Addr ?? "(bad-af)",
        ResultTable.Number(socket.Port),
        socket.LocalAddr,
        ResultTable.Number(socket.LocalPort),
        Time(socket.ConnectTime, zone),
        Time(socket.RequestTime, zone),
        ShowWords.Seconds(socket.Wait),
        ShowWords.Remainder(socket.Wait),
        ShowWords.Flag(socket.CloseNeeded),
        Pointer(socket.Ptr),
        socket.Link == 0 ? "" : Pointer(socket.Link),
        ResultTable.Number(socket.RemotePid),
        socket.Tls,
        socket.ApplicationName,
        ResultTable.Number(socket.PreparedStatements),
        ResultTable.Number(socket.Id),
    ];

    // An active client or server without the other half has nothing to do.
    private static string BriefState(SocketSnapshot socket) => socket.State switch
    {
        SocketState.ClientActive or SocketState.ServerActive => socket.Link == 0 ? "idle" : "active",
        SocketState.ClientWaiting => "waiting",
        SocketState.ClientActiveCancelRequest => "active_cancel_req",
        SocketState.ClientWaitingCancelRequest => "waiting_cancel_req",
        SocketState.ClientLogin => "login",
        SocketState.ServerIdle => "idle",
        SocketState.ServerUsed => "used",
        SocketState.ServerTested => "tested",
        SocketState.ServerNew => "new",
        SocketState.ServerActiveCancel => "active_cancel",
        _ => "being_canceled",
    };

    private static string FullState(SocketState state) => state switch
    {
        SocketState.ClientLogin => "cl_login",
        SocketState.ClientActive => "cl_active",
        SocketState.ClientWaiting => "cl_waiting",
        SocketState.ClientActiveCancelRequest => "cl_active_cancel_req",
        SocketState.ClientWaitingCancelRequest => "cl_waiting_cancel_req",
        SocketState.ServerActive => "sv_active",
        SocketState.ServerIdle => "sv_idle",
        SocketState.ServerUsed => "sv_used",
        SocketState.ServerTested => "sv_tested",
        SocketState.ServerNew => "sv_login",
        SocketState.ServerActiveCancel => "sv_active_cancel",
        _ => "sv_being_canceled",
    };

    /// <summary>A connection's number as log lines have it.</summary>
    public static string Pointer(long value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");

    /// <summary>A time by the clock of a zone.</summary>
    public static string Time(DateTimeOffset time, TimeZoneInfo zone)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(time, zone);
        return string.Create(CultureInfo.InvariantCulture, $"{local:yyyy-MM-dd HH:mm:ss} {ZoneName(zone, local)}");
    }

    // An abbreviation where the system has one, else the offset.
    private static string ZoneName(TimeZoneInfo zone, DateTimeOffset local)
    {
        string name = zone.IsDaylightSavingTime(local) ? zone.DaylightName : zone.StandardName;
        if (name == TimeZoneInfo.Utc.StandardName)
            return "UTC";
        if (name.Length is > 0 and <= 6 && !name.Contains(' '))
            return name;

        return local.Offset.Minutes == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{local.Offset.Hours:+00;-00}")
            : string.Create(CultureInfo.InvariantCulture, $"{local.Offset.Hours:+00;-00}{Math.Abs(local.Offset.Minutes):00}");
    }
}
