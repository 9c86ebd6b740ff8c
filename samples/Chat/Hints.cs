namespace Chat;

/// <summary>What to try first.</summary>
internal static class Hints
{
    public const string Text = """

        Try it. Over HTTP:

          curl 'localhost:8080/api/add?a=2&b=3'
          curl -d '{"text":"Milk is out","author":"Ada"}' -H 'content-type: application/json' localhost:8080/api/pin
          curl localhost:8080/api/notes

        Or in a browser: http://localhost:8080/swagger

        The same actions over TCP, and rooms (two terminals are more fun):

          telnet localhost 5000
          roomAdd lobby
          say lobby hello there
          {"action":"add","params":{"a":2,"b":3}}
          notes
          quit

        """;
}
