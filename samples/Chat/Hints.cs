namespace Chat;

/// <summary>What to try first.</summary>
internal static class Hints
{
    public const string Text = """

        Open http://localhost:8080 in two browsers. Over HTTP:

          curl 'localhost:8080/api/add?a=2&b=3'
          curl -d '{"text":"Milk is out","author":"Ada"}' -H 'content-type: application/json' localhost:8080/api/pin
          curl localhost:8080/api/notes

        What there is to call: http://localhost:8080/swagger
        What goes on:          http://localhost:8080/polywire/live

        The same actions over TCP, and the same rooms:

          telnet localhost 5000
          roomAdd lobby
          say lobby hello there
          {"action":"name","params":{"name":"Ada"}}
          notes
          quit

        """;
}
