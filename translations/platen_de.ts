<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>AlertGroup</name>
    <message>
        <source>Printer</source>
        <translation>Drucker</translation>
    </message>
    <message>
        <source>Cover</source>
        <translation>Abdeckung</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Paper input</source>
        <translation>Papiereinzug</translation>
    </message>
    <message>
        <source>Paper output</source>
        <translation>Papierausgabe</translation>
    </message>
    <message>
        <source>Print engine</source>
        <translation>Druckwerk</translation>
    </message>
    <message>
        <source>Supplies</source>
        <translation>Verbrauchsmaterial</translation>
    </message>
    <message>
        <source>Colorant</source>
        <translation>Farbmittel</translation>
    </message>
    <message>
        <source>Paper path</source>
        <translation>Papierweg</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>Print data</source>
        <translation>Druckdaten</translation>
    </message>
    <message>
        <source>Panel</source>
        <translation>Bedienfeld</translation>
    </message>
    <message>
        <source>Finisher</source>
        <translation>Finisher</translation>
    </message>
</context>
<context>
    <name>Catalogue</name>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Agents</source>
        <translation>Agenten</translation>
    </message>
</context>
<context>
    <name>Colorant</name>
    <message>
        <source>black</source>
        <translation>schwarz</translation>
    </message>
    <message>
        <source>cyan</source>
        <translation>Cyan</translation>
    </message>
    <message>
        <source>magenta</source>
        <translation>Magenta</translation>
    </message>
    <message>
        <source>yellow</source>
        <translation>gelb</translation>
    </message>
</context>
<context>
    <name>DeviceError</name>
    <message>
        <source>Low paper</source>
        <translation>Wenig Papier</translation>
    </message>
    <message>
        <source>No paper</source>
        <translation>Kein Papier</translation>
    </message>
    <message>
        <source>Low toner</source>
        <translation>Wenig Toner</translation>
    </message>
    <message>
        <source>No toner</source>
        <translation>Kein Toner</translation>
    </message>
    <message>
        <source>Door open</source>
        <translation>Klappe offen</translation>
    </message>
    <message>
        <source>Paper jam</source>
        <translation>Papierstau</translation>
    </message>
    <message>
        <source>Taken offline</source>
        <translation>Offline geschaltet</translation>
    </message>
    <message>
        <source>Service needed</source>
        <translation>Service nötig</translation>
    </message>
    <message>
        <source>Input tray missing</source>
        <translation>Papierfach fehlt</translation>
    </message>
    <message>
        <source>Output tray missing</source>
        <translation>Ausgabefach fehlt</translation>
    </message>
    <message>
        <source>Cartridge missing</source>
        <translation>Kartusche fehlt</translation>
    </message>
    <message>
        <source>Tray empty</source>
        <translation>Fach leer</translation>
    </message>
    <message>
        <source>Maintenance overdue</source>
        <translation>Wartung überfällig</translation>
    </message>
    <message>
        <source>Supply empty</source>
        <translation>Material leer</translation>
    </message>
    <message>
        <source>Supply low</source>
        <translation>Material knapp</translation>
    </message>
    <message>
        <source>Waste container full</source>
        <translation>Resttoner voll</translation>
    </message>
    <message>
        <source>Waste nearly full</source>
        <translation>Resttoner fast voll</translation>
    </message>
    <message>
        <source>Bin nearly full</source>
        <translation>Ausgabe fast voll</translation>
    </message>
    <message>
        <source>Bin full</source>
        <translation>Ausgabe voll</translation>
    </message>
</context>
<context>
    <name>DeviceState</name>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Printing</source>
        <translation>Druckt</translation>
    </message>
    <message>
        <source>Warming up</source>
        <translation>Wärmt auf</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>Achtung</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Sleeping</source>
        <translation>Schläft</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Unbekannt</translation>
    </message>
</context>
<context>
    <name>DeviceType</name>
    <message>
        <source>Printer</source>
        <translation>Drucker</translation>
    </message>
    <message>
        <source>Multifunction printer</source>
        <translation>Multifunktionsgerät</translation>
    </message>
    <message>
        <source>Label printer</source>
        <translation>Etikettendrucker</translation>
    </message>
    <message>
        <source>Plotter</source>
        <translation>Plotter</translation>
    </message>
    <message>
        <source>Scanner</source>
        <translation>Scanner</translation>
    </message>
    <message>
        <source>Print server</source>
        <translation>Druckserver</translation>
    </message>
</context>
<context>
    <name>ErrorText</name>
    <message>
        <source>This was cancelled. Start it again when you are ready.</source>
        <translation>Das wurde abgebrochen. Beginnen Sie neu, wenn Sie so weit sind.</translation>
    </message>
    <message>
        <source>The server did not answer in time. Check the network and try again.</source>
        <translation>Der Server hat nicht rechtzeitig geantwortet. Prüfen Sie das Netzwerk und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The server could not use what was entered. Check it and try again.</source>
        <translation>Der Server kann mit der Eingabe nichts anfangen. Prüfen Sie sie und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>This does not exist any more. Refresh to see what is there.</source>
        <translation>Das gibt es nicht mehr. Aktualisieren Sie die Ansicht, um zu sehen, was da ist.</translation>
    </message>
    <message>
        <source>You may not do this. Ask an administrator for the permission.</source>
        <translation>Das dürfen Sie nicht. Bitten Sie einen Administrator um das Recht dazu.</translation>
    </message>
    <message>
        <source>The server could not read or write its data. Ask its administrator to check the disk.</source>
        <translation>Der Server kann seine Daten nicht lesen oder schreiben. Bitten Sie seinen Administrator, die Festplatte zu prüfen.</translation>
    </message>
    <message>
        <source>The server and this console do not speak the same version. Install the same version of both.</source>
        <translation>Der Server und diese Konsole passen nicht zusammen. Installieren Sie von beiden dieselbe Version.</translation>
    </message>
    <message>
        <source>The server&apos;s database does not fit its version. Ask its administrator to restore it.</source>
        <translation>Die Datenbank des Servers passt nicht zu seiner Version. Bitten Sie seinen Administrator, sie wiederherzustellen.</translation>
    </message>
    <message>
        <source>The server cannot be reached. Check its address and your network, then try again.</source>
        <translation>Der Server ist nicht erreichbar. Prüfen Sie seine Adresse und Ihr Netzwerk und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Another program already uses this port. Choose another one.</source>
        <translation>Ein anderes Programm benutzt diesen Port schon. Wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>The server&apos;s answer could not be understood. Check that the address belongs to a Platen server.</source>
        <translation>Die Antwort des Servers ist unverständlich. Prüfen Sie, ob die Adresse zu einem Platen-Server gehört.</translation>
    </message>
    <message>
        <source>This is more than the server accepts. Ask for less at once.</source>
        <translation>Das ist mehr, als der Server annimmt. Verlangen Sie weniger auf einmal.</translation>
    </message>
    <message>
        <source>Your session has ended. Log in again.</source>
        <translation>Ihre Sitzung ist zu Ende. Melden Sie sich neu an.</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not trusted. Compare its fingerprint with the one its administrator gives you.</source>
        <translation>Dem Zertifikat des Servers wird nicht vertraut. Vergleichen Sie seinen Fingerabdruck mit dem, den Sie vom Administrator bekommen.</translation>
    </message>
    <message>
        <source>Somebody else changed this meanwhile. Refresh and try again.</source>
        <translation>Das hat inzwischen jemand anders geändert. Aktualisieren Sie und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>A security check failed. Try again; if it stays, tell the server&apos;s administrator.</source>
        <translation>Eine Sicherheitsprüfung ist fehlgeschlagen. Versuchen Sie es noch einmal; wenn es so bleibt, sagen Sie es dem Administrator des Servers.</translation>
    </message>
    <message>
        <source>This has expired. Ask for a new one.</source>
        <translation>Das ist abgelaufen. Bitten Sie um etwas Neues.</translation>
    </message>
    <message>
        <source>There were too many attempts. Wait a few minutes, then try again.</source>
        <translation>Das waren zu viele Versuche. Warten Sie ein paar Minuten und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Something went wrong on the server. Try again; if it stays, tell its administrator.</source>
        <translation>Auf dem Server ging etwas schief. Versuchen Sie es noch einmal; wenn es so bleibt, sagen Sie es seinem Administrator.</translation>
    </message>
</context>
<context>
    <name>Meter</name>
    <message>
        <source>Total</source>
        <translation>Gesamt</translation>
    </message>
    <message>
        <source>Black and white</source>
        <translation>Schwarzweiß</translation>
    </message>
    <message>
        <source>Color</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>Kopien</translation>
    </message>
    <message>
        <source>Black and white copies</source>
        <translation>Schwarzweißkopien</translation>
    </message>
    <message>
        <source>Color copies</source>
        <translation>Farbkopien</translation>
    </message>
    <message>
        <source>Prints</source>
        <translation>Drucke</translation>
    </message>
    <message>
        <source>Black and white prints</source>
        <translation>Schwarzweißdrucke</translation>
    </message>
    <message>
        <source>Color prints</source>
        <translation>Farbdrucke</translation>
    </message>
    <message>
        <source>Faxes</source>
        <translation>Faxe</translation>
    </message>
    <message>
        <source>Scans</source>
        <translation>Scans</translation>
    </message>
    <message>
        <source>Two-sided</source>
        <translation>Beidseitig</translation>
    </message>
    <message>
        <source>Large format</source>
        <translation>Großformat</translation>
    </message>
    <message>
        <source>Single-color prints</source>
        <translation>Einfarbige Drucke</translation>
    </message>
    <message>
        <source>Single-color copies</source>
        <translation>Einfarbige Kopien</translation>
    </message>
    <message>
        <source>%1, print engine %2</source>
        <extracomment>a meter and the number of the print engine it belongs to</extracomment>
        <translation>%1, Druckwerk %2</translation>
    </message>
</context>
<context>
    <name>RelativeTime</name>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>gerade eben</translation>
    </message>
    <message numerus="yes">
        <source>%n min ago</source>
        <translation>
            <numerusform>vor %n min</numerusform>
            <numerusform>vor %n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h ago</source>
        <translation>
            <numerusform>vor %n h</numerusform>
            <numerusform>vor %n h</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) ago</source>
        <translation>
            <numerusform>vor %n Tag</numerusform>
            <numerusform>vor %n Tagen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Severity</name>
    <message>
        <source>Critical</source>
        <translation>Kritisch</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>Hinweis</translation>
    </message>
</context>
<context>
    <name>Supply</name>
    <message>
        <source>Toner</source>
        <translation>Toner</translation>
    </message>
    <message>
        <source>Toner cartridge</source>
        <translation>Tonerkartusche</translation>
    </message>
    <message>
        <source>Ink</source>
        <translation>Tinte</translation>
    </message>
    <message>
        <source>Ink cartridge</source>
        <translation>Tintenpatrone</translation>
    </message>
    <message>
        <source>Waste toner container</source>
        <translation>Resttonerbehälter</translation>
    </message>
    <message>
        <source>Waste ink container</source>
        <translation>Resttintenbehälter</translation>
    </message>
    <message>
        <source>Drum</source>
        <translation>Trommel</translation>
    </message>
    <message>
        <source>Fuser</source>
        <translation>Fixiereinheit</translation>
    </message>
    <message>
        <source>Developer</source>
        <translation>Entwickler</translation>
    </message>
    <message>
        <source>Transfer unit</source>
        <translation>Transfereinheit</translation>
    </message>
    <message>
        <source>Staples</source>
        <translation>Heftklammern</translation>
    </message>
    <message>
        <source>Ribbon</source>
        <translation>Farbband</translation>
    </message>
    <message>
        <source>Corona wire</source>
        <translation>Koronadraht</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <extracomment>a supply without a name of its own: kind, colour</extracomment>
        <translation>%1, %2</translation>
    </message>
</context>
<context>
    <name>SupplyBar</name>
    <message>
        <source>%1 % full</source>
        <extracomment>how full a waste container is</extracomment>
        <translation>%1 % voll</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1–%2 % full</source>
        <translation>%1–%2 % voll</translation>
    </message>
    <message>
        <source>%1–%2 %</source>
        <translation>%1–%2 %</translation>
    </message>
    <message>
        <source>room left</source>
        <translation>noch Platz</translation>
    </message>
    <message>
        <source>some left</source>
        <translation>etwas da</translation>
    </message>
    <message>
        <source>not reported</source>
        <translation>unbekannt</translation>
    </message>
</context>
<context>
    <name>Unit</name>
    <message>
        <source>impressions</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>sheets</source>
        <translation>Blatt</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>hours</source>
        <translation>Stunden</translation>
    </message>
    <message>
        <source>ft</source>
        <translation>ft</translation>
    </message>
    <message>
        <source>m</source>
        <translation>m</translation>
    </message>
    <message>
        <source>m²</source>
        <translation>m²</translation>
    </message>
    <message>
        <source>cm²</source>
        <translation>cm²</translation>
    </message>
    <message>
        <source>labels</source>
        <translation>Etiketten</translation>
    </message>
</context>
<context>
    <name>platen::console::AgentTableModel</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>Zuletzt</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Waiting for activation</source>
        <translation>Wartet auf Aktivierung</translation>
    </message>
    <message>
        <source>Deactivated</source>
        <translation>Deaktiviert</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>Still</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Unbekannt</translation>
    </message>
</context>
<context>
    <name>platen::console::AgentsScreen</name>
    <message>
        <source>Agents</source>
        <translation>Agenten</translation>
    </message>
    <message>
        <source>Search agents</source>
        <translation>Agenten suchen</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>No agents yet</source>
        <translation>Noch keine Agenten</translation>
    </message>
    <message>
        <source>An agent reads the printers of a site. Create a PIN on the server, then activate an agent with it.</source>
        <translation>Ein Agent liest die Drucker eines Standorts. Erzeugen Sie auf dem Server eine PIN und aktivieren Sie damit einen Agenten.</translation>
    </message>
    <message>
        <source>No agent matches</source>
        <translation>Kein Agent passt</translation>
    </message>
    <message>
        <source>No agent&apos;s name, state or version contains these words.</source>
        <translation>Bei keinem Agenten enthalten Name, Zustand oder Version diese Wörter.</translation>
    </message>
</context>
<context>
    <name>platen::console::AlertList</name>
    <message>
        <source>This device reports no alerts.</source>
        <translation>Dieses Gerät meldet keine Störungen.</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <extracomment>an alert&apos;s severity and the part of the device it is about</extracomment>
        <translation>%1 · %2</translation>
    </message>
</context>
<context>
    <name>platen::console::CertificatePanel</name>
    <message>
        <source>Trust this certificate</source>
        <translation>Zertifikat vertrauen</translation>
    </message>
    <message>
        <source>Forget the old certificate</source>
        <translation>Altes Zertifikat vergessen</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>The certificate has changed</source>
        <translation>Das Zertifikat hat sich geändert</translation>
    </message>
    <message>
        <source>Is this your server?</source>
        <translation>Ist das Ihr Server?</translation>
    </message>
    <message>
        <source>%1 shows another certificate than the one you trusted. Somebody may be listening in, so the console does not connect. Go on only if the server&apos;s administrator tells you that the certificate was replaced.</source>
        <translation>%1 zeigt ein anderes Zertifikat als das, dem Sie vertrauen. Vielleicht hört jemand mit, darum verbindet sich die Konsole nicht. Machen Sie nur weiter, wenn Ihnen der Administrator des Servers sagt, dass das Zertifikat ersetzt wurde.</translation>
    </message>
    <message>
        <source>You connect to %1 for the first time, and its certificate is signed by itself. Compare this fingerprint with the one the server&apos;s administrator gives you. If they are the same, trust it; you will not be asked again.</source>
        <translation>Sie verbinden sich zum ersten Mal mit %1, und das Zertifikat hat der Server selbst ausgestellt. Vergleichen Sie diesen Fingerabdruck mit dem, den Sie vom Administrator bekommen. Sind sie gleich, vertrauen Sie ihm; Sie werden nicht noch einmal gefragt.</translation>
    </message>
    <message>
        <source>Trusted until now (SHA-256)</source>
        <translation>Bisher vertraut (SHA-256)</translation>
    </message>
    <message>
        <source>Shown now (SHA-256)</source>
        <translation>Jetzt gezeigt (SHA-256)</translation>
    </message>
    <message>
        <source>Fingerprint (SHA-256)</source>
        <translation>Fingerabdruck (SHA-256)</translation>
    </message>
    <message>
        <source>Issued for %1, valid until %2.</source>
        <translation>Ausgestellt für %1, gültig bis %2.</translation>
    </message>
</context>
<context>
    <name>platen::console::ConnectionPill</name>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Connected to %1 (%2)</source>
        <translation>Verbunden mit %1 (%2)</translation>
    </message>
    <message>
        <source>Connecting …</source>
        <translation>Verbindet …</translation>
    </message>
    <message>
        <source>Connecting to %1</source>
        <translation>Verbindet sich mit %1</translation>
    </message>
    <message>
        <source>Reconnecting in %1 s</source>
        <translation>Neuer Versuch in %1 s</translation>
    </message>
    <message>
        <source>Offline since %1. Click to try now.</source>
        <translation>Offline seit %1. Klicken Sie, um es gleich zu versuchen.</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
</context>
<context>
    <name>platen::console::DetailsPane</name>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Back to the table</source>
        <translation>Zurück zur Tabelle</translation>
    </message>
    <message>
        <source>Show over the whole page</source>
        <translation>Auf der ganzen Seite zeigen</translation>
    </message>
    <message>
        <source>Close the details</source>
        <translation>Details schließen</translation>
    </message>
    <message>
        <source>Panel and alerts</source>
        <translation>Bedienfeld und Störungen</translation>
    </message>
    <message>
        <source>Supplies</source>
        <translation>Verbrauchsmaterial</translation>
    </message>
    <message>
        <source>This device reports no supplies.</source>
        <translation>Dieses Gerät meldet kein Verbrauchsmaterial.</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Meters</source>
        <translation>Zähler</translation>
    </message>
    <message>
        <source>Identity</source>
        <translation>Identität</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>seen %1</source>
        <translation>zuletzt %1</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>a number and its unit</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>This device reports no meters.</source>
        <translation>Dieses Gerät meldet keine Zähler.</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation>Seriennummer</translation>
    </message>
    <message>
        <source>Asset number</source>
        <translation>Inventarnummer</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>MAC address</source>
        <translation>MAC-Adresse</translation>
    </message>
    <message>
        <source>Firmware</source>
        <translation>Firmware</translation>
    </message>
    <message>
        <source>Location</source>
        <translation>Standort</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>First seen</source>
        <translation>Zuerst gesehen</translation>
    </message>
</context>
<context>
    <name>platen::console::DeviceTableModel</name>
    <message>
        <source>Total meter, in impressions where no other unit is given</source>
        <translation>Gesamtzähler, in Seiten, wo keine andere Einheit steht</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Maker</source>
        <translation>Hersteller</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation>Seriennummer</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Location</source>
        <translation>Standort</translation>
    </message>
    <message>
        <source>Lowest supply</source>
        <translation>Knappstes Material</translation>
    </message>
    <message>
        <source>Impressions</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>Zuletzt</translation>
    </message>
    <message>
        <source>Asset number</source>
        <translation>Inventarnummer</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>a number and its unit</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1, last seen %2</source>
        <translation>%1, zuletzt gesehen %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>This device reports no supply levels.</source>
        <translation>Dieses Gerät meldet keine Füllstände.</translation>
    </message>
</context>
<context>
    <name>platen::console::DeviceTableView</name>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Reset columns</source>
        <translation>Spalten zurücksetzen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>platen::console::DevicesScreen</name>
    <message>
        <source>Search devices</source>
        <translation>Geräte suchen</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>No device matches</source>
        <translation>Kein Gerät passt</translation>
    </message>
    <message>
        <source>No device is in the chosen state.</source>
        <translation>Kein Gerät ist in diesem Zustand.</translation>
    </message>
    <message>
        <source>Nothing fits “%1” and the chosen filters.</source>
        <translation>Nichts passt zu „%1“ und den gewählten Filtern.</translation>
    </message>
    <message>
        <source>Show all devices</source>
        <translation>Alle Geräte zeigen</translation>
    </message>
    <message>
        <source>No printers yet</source>
        <translation>Noch keine Drucker</translation>
    </message>
    <message>
        <source>Printers appear here as soon as an agent has found them.</source>
        <translation>Drucker erscheinen hier, sobald ein Agent sie gefunden hat.</translation>
    </message>
    <message>
        <source>Show agents</source>
        <translation>Agenten zeigen</translation>
    </message>
</context>
<context>
    <name>platen::console::FilterBar</name>
    <message>
        <source>Show the devices of all agents</source>
        <translation>Geräte aller Agenten zeigen</translation>
    </message>
    <message>
        <source>Agent: %1</source>
        <translation>Agent: %1</translation>
    </message>
    <message>
        <source>%1  %2</source>
        <comment>a state and how many devices are in it</comment>
        <translation>%1  %2</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Ready, printing, warming up or sleeping</source>
        <translation>Bereit, druckt, wärmt auf oder schläft</translation>
    </message>
    <message>
        <source>OK</source>
        <extracomment>devices that are ready, printing, warming up or sleeping</extracomment>
        <translation>In Ordnung</translation>
    </message>
</context>
<context>
    <name>platen::console::Frame</name>
    <message>
        <source>%1
Version %2</source>
        <translation>%1
Version %2</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Signed in as %1</source>
        <translation>Angemeldet als %1</translation>
    </message>
    <message>
        <source>Appearance of the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>Abmelden</translation>
    </message>
    <message>
        <source>%1  (%2)</source>
        <comment>a hint and its shortcut</comment>
        <translation>%1  (%2)</translation>
    </message>
    <message>
        <source>No connection to the server since %1. What you see is from then.</source>
        <translation>Keine Verbindung zum Server seit %1. Was Sie sehen, ist von da.</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>Jetzt versuchen</translation>
    </message>
</context>
<context>
    <name>platen::console::HistoryView</name>
    <message>
        <source>What the history is of</source>
        <translation>Wovon der Verlauf ist</translation>
    </message>
    <message>
        <source>Meter: %1</source>
        <translation>Zähler: %1</translation>
    </message>
    <message>
        <source>Supply: %1</source>
        <translation>Material: %1</translation>
    </message>
    <message>
        <source>This device reports no meters and no supply levels.</source>
        <translation>Dieses Gerät meldet keine Zähler und keine Füllstände.</translation>
    </message>
</context>
<context>
    <name>platen::console::LoginScreen</name>
    <message>
        <source>Platen console %1</source>
        <translation>Platen-Konsole %1</translation>
    </message>
    <message>
        <source>Log in to Platen</source>
        <translation>Bei Platen anmelden</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>printers.example.com</source>
        <translation>drucker.example.com</translation>
    </message>
    <message>
        <source>This connection will not be encrypted: others on the network can read your password.</source>
        <translation>Diese Verbindung ist nicht verschlüsselt: Andere im Netzwerk können Ihr Passwort lesen.</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>This is not a server&apos;s address. Give a name like printers.example.com.</source>
        <translation>Das ist keine Serveradresse. Geben Sie einen Namen wie drucker.example.com an.</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Connecting …</source>
        <translation>Verbindet …</translation>
    </message>
    <message>
        <source>Enter the server&apos;s address.</source>
        <translation>Geben Sie die Adresse des Servers ein.</translation>
    </message>
    <message>
        <source>Enter your name.</source>
        <translation>Geben Sie Ihren Namen ein.</translation>
    </message>
    <message>
        <source>Enter your password.</source>
        <translation>Geben Sie Ihr Passwort ein.</translation>
    </message>
    <message>
        <source>Logging in …</source>
        <translation>Meldet an …</translation>
    </message>
    <message>
        <source>The name or the password is not right. Check both and try again.</source>
        <translation>Name oder Passwort stimmt nicht. Prüfen Sie beides und versuchen Sie es noch einmal.</translation>
    </message>
    <message numerus="yes">
        <source>There were too many attempts. Try again in %n s.</source>
        <translation>
            <numerusform>Das waren zu viele Versuche. Versuchen Sie es in %n s noch einmal.</numerusform>
            <numerusform>Das waren zu viele Versuche. Versuchen Sie es in %n s noch einmal.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 did not answer in time. Check the address and your network.</source>
        <translation>%1 hat nicht rechtzeitig geantwortet. Prüfen Sie die Adresse und Ihr Netzwerk.</translation>
    </message>
    <message>
        <source>%1 cannot be reached. Check the address and your network.</source>
        <translation>%1 ist nicht erreichbar. Prüfen Sie die Adresse und Ihr Netzwerk.</translation>
    </message>
</context>
<context>
    <name>platen::widgets::Plot</name>
    <message>
        <source>7 d</source>
        <translation>7 T</translation>
    </message>
    <message>
        <source>30 d</source>
        <translation>30 T</translation>
    </message>
    <message>
        <source>1 y</source>
        <translation>1 J</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>No history in this time.</source>
        <translation>Kein Verlauf in dieser Zeit.</translation>
    </message>
    <message>
        <source>%1 %2 · %3</source>
        <extracomment>value, unit, time</extracomment>
        <translation>%1 %2 · %3</translation>
    </message>
    <message>
        <source>MMM yyyy</source>
        <extracomment>month and year on an axis, in the form of QLocale::toString</extracomment>
        <translation>MMM yyyy</translation>
    </message>
    <message>
        <source>d MMM</source>
        <extracomment>day and month on an axis, in the form of QLocale::toString</extracomment>
        <translation>d. MMM</translation>
    </message>
</context>
<context>
    <name>platen::widgets::StatePill</name>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>platen::widgets::SupplyBar</name>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Serial number %1</source>
        <translation>Seriennummer %1</translation>
    </message>
</context>
</TS>
