using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Polywire.Bounds;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>What a request's body holds in memory while it is being read; dispose it to give that back.</summary>
/// <remarks>Costs next to nothing for a body that comes in one piece, or is short.</remarks>
internal sealed class BodyHold(InputBudget budget, InputEndLog ends, HttpContext http) : IInputHolder, IDisposable
{
    private readonly Lock _gate = new();
    private IInputAccount? _account;
    private PipeReader? _waiting;
    private volatile bool _isEnded;

    /// <summary>Whether reading is to end because the server holds too much; does not change any more once this is disposed.</summary>
    public bool IsEnded => _isEnded;

    /// <summary>Says how many bytes are held while more is waited for.</summary>
    /// <param name="bytes">All of them.</param>
    /// <param name="reader">Is woken when reading is to end; null where nothing is waited for.</param>
    public void Report(long bytes, PipeReader? reader = null)
    {
        if (_account is null)
        {
            if (bytes <= InputBudget.FreeBytes)
            {
                return;
            }

            _waiting = reader;
            _account = budget.Open(this);
        }

        _account.Report(bytes);
    }

    /// <summary>Ends reading if that is asked for.</summary>
    /// <exception cref="OperationCanceledException">It is.</exception>
    public void ThrowIfEnded()
    {
        if (_isEnded)
        {
            throw new OperationCanceledException();
        }
    }

    public void EndInput(in InputEnd end)
    {
        lock (_gate)
        {
            if (_account is null)
            {
                // It was read to its end in the same moment; the next request on the connection has nothing to do with it.
                return;
            }

            _isEnded = true;
            _waiting?.CancelPendingRead();
        }

        ends.Tell(Connection.TypeOf(Transports.Web), http.Connection.RemoteIpAddress?.ToString() ?? "unix", end);
    }

    public void Dispose()
    {
        _account?.Close();
        lock (_gate)
        {
            _account = null;
        }
    }
}
