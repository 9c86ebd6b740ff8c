namespace Polywire.Sockhop.Handlers;

/// <summary>Calls event handlers so that what they throw comes back, also behind their first <c>await</c>.</summary>
/// <remarks>
/// An <c>async</c> lambda as the handler of an event is an <c>async void</c>: what it throws is thrown again where it was begun, which without
/// this would be a thread of the pool, and end the process.
/// </remarks>
internal sealed class EventScope(Action<Exception> failed) : SynchronizationContext
{
    public static void Run<T>(T value, Action<T> tell, Action<Exception> failed)
    {
        var outer = Current;
        SetSynchronizationContext(new EventScope(failed));
        try
        {
            tell(value);
        }
        catch (Exception exception)
        {
            failed(exception);
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    public override void Post(SendOrPostCallback d, object? state) =>
        ThreadPool.QueueUserWorkItem(static posted => posted.Scope.Go(posted.Callback, posted.State), (Scope: this, Callback: d, State: state), preferLocal: false);

    public override void Send(SendOrPostCallback d, object? state) => Go(d, state);

    public override SynchronizationContext CreateCopy() => this;

    private void Go(SendOrPostCallback callback, object? state)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        catch (Exception exception)
        {
            failed(exception);
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }
}
