namespace Polywire.Sockhop;

/// <summary>A server whose sessions carry nothing of their own. See <see cref="SockhopServer{TSession}"/>.</summary>
/// <param name="options">Read here; later changes have no effect.</param>
public sealed class SockhopServer(SockhopServerOptions options) : SockhopServer<SockhopSession>(options, static () => new SockhopSession());
