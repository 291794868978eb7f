// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ModelDatabase.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QSaveFile>
#include <QXmlStreamReader>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace platen;

namespace {

enum class Color { Unknown, Mono, Color };

/// Ids and what is known of them. What two sources say differently is not known.
class Models {
public:
    void add(const QString& maker, const QString& model, Color color)
    {
        const QString id = profiles::modelIdOf(maker, model);
        if (id.section(u'.', 1).size() < 3)
            return; // "C2" and the like name too many
        const auto known = m_colors.constFind(id.toUtf8());
        if (known == m_colors.cend())
            m_colors.insert(id.toUtf8(), color);
        else if (*known == Color::Unknown || color == Color::Unknown || *known == color)
            m_colors.insert(id.toUtf8(), *known == Color::Unknown ? color : *known);
        else
            m_disputed += id.toUtf8();
    }

    QByteArray lines() const
    {
        QByteArray
            lines; // a QMap of byte arrays is in the order of their bytes, and a tab comes before all that ids are made of
        for (auto it = m_colors.begin(); it != m_colors.end(); ++it) {
            const Color color = m_disputed.contains(it.key()) ? Color::Unknown : it.value();
            lines += it.key() + '\t' + (color == Color::Color ? 'c' : color == Color::Mono ? 'm' : '?') + '\n';
        }
        return lines;
    }

private:
    QMap<QByteArray, Color> m_colors;
    QByteArrayList m_disputed;
};

/// One file of foomatic-db: <printer> with <make>, <model>, <mechanism> and the models it calls itself in IEEE 1284 ids.
struct FoomaticPrinter {
    QString maker;
    QStringList models;
    Color color = Color::Unknown;
};

QString modelIn1284(const QString& id)
{
    for (const QString& part : id.split(u';')) {
        for (const QLatin1StringView key : {"MDL:"_L1, "MODEL:"_L1}) {
            if (part.trimmed().startsWith(key, Qt::CaseInsensitive))
                return part.trimmed().sliced(key.size()).trimmed();
        }
    }
    return {};
}

FoomaticPrinter readFoomatic(QIODevice& file)
{
    FoomaticPrinter printer;
    QXmlStreamReader xml(&file);
    QStringList path;
    while (!xml.atEnd()) {
        const auto token = xml.readNext();
        if (token == QXmlStreamReader::StartElement) {
            path += xml.name().toString();
            const QString place = path.join(u'/');
            if (place == "printer/mechanism"_L1)
                printer.color = Color::Mono;
            else if (place == "printer/mechanism/color"_L1)
                printer.color = Color::Color;
        } else if (token == QXmlStreamReader::Characters && !xml.isWhitespace()) {
            const QString place = path.join(u'/');
            const QString text = xml.text().toString().simplified();
            if (place == "printer/make"_L1)
                printer.maker = text;
            else if (place == "printer/model"_L1
                || (place.startsWith("printer/autodetect/"_L1) && path.last() == "model"_L1))
                printer.models += text;
            else if (place.startsWith("printer/autodetect/"_L1) && path.last() == "ieee1284"_L1)
                printer.models += modelIn1284(text);
        } else if (token == QXmlStreamReader::EndElement && !path.isEmpty()) {
            path.removeLast();
        }
    }
    return printer;
}

// Printers repeat the maker in front of the model.
QString withoutMaker(const QString& model, const QString& maker)
{
    for (const QString& name : {maker, u"Hewlett-Packard"_s}) {
        if (model.startsWith(name + u' ', Qt::CaseInsensitive))
            return model.sliced(name.size() + 1);
    }
    return model;
}

void addFoomatic(Models& models, const QString& folder)
{
    const QDir dir(folder);
    for (const QString& name : dir.entryList({u"*.xml"_s}, QDir::Files, QDir::Name)) {
        QFile file(dir.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const FoomaticPrinter printer = readFoomatic(file);
        const bool saysColor = printer.models.join(u' ').contains("color"_L1, Qt::CaseInsensitive);
        const Color color = printer.color == Color::Mono && saysColor ? Color::Unknown : printer.color;
        if (printer.maker.isEmpty() || printer.maker == "Generic"_L1)
            continue;
        for (const QString& model : printer.models)
            models.add(printer.maker, withoutMaker(model, printer.maker), color);
    }
}

bool addOwn(Models& models, const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return false;
    QJsonParseError error;
    const QJsonObject makers = QJsonDocument::fromJson(file.readAll(), &error).object();
    for (auto maker = makers.begin(); maker != makers.end(); ++maker) {
        const QJsonObject lists = maker.value().toObject();
        for (const QJsonValue& model : lists["color"_L1].toArray())
            models.add(maker.key(), model.toString(), Color::Color);
        for (const QJsonValue& model : lists["mono"_L1].toArray())
            models.add(maker.key(), model.toString(), Color::Mono);
    }
    return error.error == QJsonParseError::NoError && !makers.isEmpty();
}

} // namespace

/// platen-modelmaker OUT OWN.json [FOOMATIC_FOLDER]
int main(int argc, char* argv[])
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    Models models;
    if (arguments.size() < 3 || !addOwn(models, arguments[2])) {
        std::fputs("platen-modelmaker: give OUT and OWN.json, a file like resources/models/own.json\n", stderr);
        return 2;
    }
    if (arguments.size() > 3)
        addFoomatic(models, arguments[3]);
    QSaveFile out(arguments[1]);
    if (!out.open(QIODevice::WriteOnly) || out.write(models.lines()) < 0 || !out.commit()) {
        std::fprintf(stderr, "platen-modelmaker: %s cannot be written\n", qPrintable(arguments[1]));
        return 1;
    }
    return 0;
}
