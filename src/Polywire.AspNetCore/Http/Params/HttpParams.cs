using System.Text.Json;
using Polywire.Params;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>The params of one web request and what came with them. One holder; dispose it when the request ends.</summary>
internal sealed class HttpParams : IDisposable
{
    private int _bodyStart;
    private int _bodyEnd;
    private JsonElement? _body;

    /// <summary>The params: query, then files, then fields; of several of one name the last counts.</summary>
    /// <remarks>Whatever comes later is added behind, never set in place, so that <see cref="ReadBody"/> tells what was sent.</remarks>
    public ParamSet Set { get; private set; } = ParamSet.Rent();

    /// <summary>What is wrong with the body.</summary>
    public HttpBodyProblem Problem { get; set; }

    /// <summary>The uploads; null where there are none.</summary>
    public UploadSpool? Uploads { get; set; }

    /// <summary>A body of which the files have not been read; null where all has been that will be.</summary>
    public PendingBody? Pending { get; set; }

    /// <summary>What the body holds while it is read, or waits to be read on; null where there is none.</summary>
    public BodyHold? Hold { get; set; }

    /// <summary>Puts what the route says among the params, when all of the body is there.</summary>
    public Action? ApplyRoute { get; set; }

    /// <summary>The body as it was sent; null where it is not kept.</summary>
    public byte[]? RawBody { get; set; }

    /// <summary>Begins anew with an empty set: the old one may be in use by a run, which lets go of it itself.</summary>
    public void Renew()
    {
        Set.Release();
        Set = ParamSet.Rent();
        _body = null;
    }

    /// <summary>Notes that what is added from here on are fields of the body.</summary>
    public void BeginFields() => _bodyStart = _bodyEnd = Set.Count;

    public void EndFields() => _bodyEnd = Set.Count;

    /// <summary>Takes the param <c>action</c> out.</summary>
    public void DropAction()
    {
        if (Set.IndexOf("action"u8) >= 0)
        {
            // What moves is told first.
            _body ??= ReadBody();
            Set.Remove("action"u8);
        }
    }

    /// <summary>The fields of the body, unfiltered: an object, or the list that was sent.</summary>
    public JsonElement ReadBody()
    {
        if (_body is { } read)
        {
            return read;
        }

        using var buffer = Json.ResponseBuffer.Rent();
        var writer = buffer.Writer;
        if (_bodyEnd == _bodyStart + 1 && Set.NameAt(_bodyStart).SequenceEqual(PayloadRule.Name) && Set.ValueAt(_bodyStart) is { Kind: ParamKind.Json } list
            && list.Bytes[0] == (byte)'[')
        {
            list.WriteTo(writer);
        }
        else
        {
            writer.WriteStartObject();
            for (var i = _bodyStart; i < _bodyEnd; i++)
            {
                writer.WritePropertyName(Set.NameAt(i));
                Set.ValueAt(i).WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        writer.Flush();
        var reader = new Utf8JsonReader(buffer.WrittenSpan, new JsonReaderOptions { MaxDepth = JsonBodyReader.MaxDepth + 1 });
        return (_body = JsonElement.ParseValue(ref reader)).Value;
    }

    public void Dispose()
    {
        Set.Release();
        Pending?.Dispose();
        Hold?.Dispose();
        Uploads?.Dispose();
    }
}
