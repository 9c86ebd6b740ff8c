using System.Runtime.CompilerServices;
using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop;

/// <content>Handlers.</content>
/// <remarks>
/// Handlers of one connection run one after the other, in the order of the messages; replies overtake them, so a handler may ask back and
/// await the reply. It must not block its thread for one. What a handler throws goes to <see cref="HandlerFailed"/>.
/// </remarks>
public sealed partial class SockhopClient
{
    /// <summary>Takes messages of a type, and requests of it for which there is no other handler.</summary>
    /// <typeparam name="T">Its name on the wire is looked up in <see cref="SockhopOptions.Types"/>; <c>byte[]</c> or memory takes buffers.</typeparam>
    /// <param name="handler">Memory of a buffer is good until it has finished.</param>
    /// <exception cref="InvalidOperationException">There is a handler for the type.</exception>
    public void On<T>(Func<T, SockhopClient, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handlers.AddMessage(_settings.Json.NameOf(typeof(T)), new ValueHandler<SockhopClient, T>(handler));
        OnHandlerAdded();
    }

    /// <inheritdoc cref="On{T}(Func{T, SockhopClient, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(-1)]
    public void On<T>(Func<T, SockhopClient, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        On<T>((value, peer, cancellationToken) => new ValueTask(handler(value, peer, cancellationToken)));
    }

    /// <inheritdoc cref="On{T}(Func{T, SockhopClient, CancellationToken, ValueTask})"/>
    [OverloadResolutionPriority(-2)]
    public void On<T>(Action<T, SockhopClient, CancellationToken> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        On<T>((value, peer, cancellationToken) =>
        {
            handler(value, peer, cancellationToken);
            return default(ValueTask);
        });
    }

    /// <summary>Takes requests of a type and answers each with what the handler returns; null with an empty object.</summary>
    /// <inheritdoc cref="On{T}(Func{T, SockhopClient, CancellationToken, ValueTask})"/>
    public void OnRequest<T, TReply>(Func<T, SockhopClient, CancellationToken, ValueTask<TReply>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var type = _settings.Json.NameOf(typeof(T));
        _handlers.AddRequest(type, new RequestHandler<SockhopClient, T, TReply>(type, handler));
        OnHandlerAdded();
    }

    /// <inheritdoc cref="OnRequest{T, TReply}(Func{T, SockhopClient, CancellationToken, ValueTask{TReply}})"/>
    [OverloadResolutionPriority(-1)]
    public void OnRequest<T, TReply>(Func<T, SockhopClient, CancellationToken, Task<TReply>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        OnRequest<T, TReply>((value, peer, cancellationToken) => new ValueTask<TReply>(handler(value, peer, cancellationToken)));
    }

    /// <summary>Takes typed buffers of a type.</summary>
    /// <param name="type">The name on the wire.</param>
    /// <param name="handler">The message's bytes are good until it has finished.</param>
    /// <exception cref="InvalidOperationException">There is a handler for the type.</exception>
    public void OnTypedBuffer(string type, Func<SockhopMessage, SockhopClient, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(handler);
        _handlers.AddTypedBuffer(type, new MessageHandler<SockhopClient>(handler, takesBytes: true));
        OnHandlerAdded();
    }

    /// <summary>Takes buffers as streams, which are read while they arrive; requests with them are not answered.</summary>
    /// <param name="handler">
    /// Reads the stream, which is good until it has finished. Buffers of more than 64 KiB in binary mode are not collected in memory, and
    /// <see cref="SockhopOptions.MaxMessageSize"/> does not bound them; all others arrive whole.
    /// </param>
    /// <param name="type">The name on the wire: <c>Buffer</c>, or that of a typed buffer.</param>
    /// <exception cref="InvalidOperationException">There is a handler for the type.</exception>
    public void OnBufferStream(Func<SockhopBufferStream, SockhopClient, CancellationToken, ValueTask> handler, string type = WireNames.Buffer)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(type);
        _handlers.AddStream(type, new BufferStreamHandler<SockhopClient>(handler));
        OnHandlerAdded();
    }

    /// <summary>Takes every message that no other handler takes.</summary>
    /// <param name="handler">The message's bytes are good until it has finished.</param>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    public void OnMessage(Func<SockhopMessage, SockhopClient, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handlers.SetCatchAll(new MessageHandler<SockhopClient>(handler));
        OnHandlerAdded();
    }
}
