using Pooler.Actors.Wire;

namespace Pooler.Actors.Pools;

/// <content>Replacing every server, because it leads to the wrong place or because the console wants it so.</content>
internal sealed partial class Pool
{
    /// <summary>
    /// Servers of today are for nobody else: free ones close at the next look, those on loan when they come back. What the pool knows of the server
    /// it has to learn anew, and a login that failed says nothing about the next one.
    /// </summary>
    private void ReplaceServers()
    {
        _welcome = null;
        ForgetFailure();
        foreach (var server in _servers.All)
        {
            server.CloseNeeded = true;

            // The answer to the pooler's own query is of no use, and if it never comes nobody must wait for it.
            if (server.State == ServerState.Tested)
            {
                Close(server, PoolerErrors.CloseNeeded);
            }
        }

        if (_connecting is { } connecting)
        {
            _connecting = null;
            Close(connecting, PoolerErrors.ConnectStringChanged);
        }

        CheckPaused();
    }

    /// <summary>Makes room for the server that a client's login waits for: free ones that must close stand in its way.</summary>
    private void CloseObsoleteForLogin()
    {
        if (_joining.Count == 0 || _welcome is not null)
        {
            return;
        }

        foreach (var list in new[] { _servers.Idle, _servers.Used })
        {
            for (var node = list.First; node is not null;)
            {
                var server = node.Value;
                node = node.Next;
                if (server.CloseNeeded)
                {
                    Close(server, PoolerErrors.ObsoleteConnection);
                }
            }
        }
    }
}
