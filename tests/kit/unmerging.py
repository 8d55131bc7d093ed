"""``action=mergehistory`` as MediaWiki 1.45 has it, on older releases.

No release that Debian carries has ``starttimestamp``. What a wiki does with
it is written here anew after what the source of 1.45 does (ApiMergeHistory,
MergeHistory): it moves what lies between two ends by time and id, refuses
to move the newest revision of a page or to put anything above that of the
other, and writes two log entries. So the bot works with a real history; the
module itself is ours.
"""
from __future__ import annotations


#: Lines for the settings of a wiki.
UNMERGING = r"""
class SandboxUnmerging extends MediaWiki\Api\ApiBase {
    public function execute() {
        $params = $this->extractRequestParams();
        $from = MediaWiki\Title\Title::newFromText( $params['from'] );
        $to = MediaWiki\Title\Title::newFromText( $params['to'] );
        foreach ( [ 'source' => $from, 'dest' => $to ] as $side => $title ) {
            if ( !$title || !$title->getArticleID() ) {
                $this->dieWithError( "mergehistory-fail-invalid-$side" );
            }
        }
        $authority = $this->getAuthority();
        if ( !$authority->isAllowed( 'mergehistory' )
            || !$authority->definitelyCan( 'edit', $from )
            || !$authority->definitelyCan( 'edit', $to ) ) {
            $this->dieWithError( 'mergehistory-fail-permission' );
        }
        $dbw = MediaWiki\MediaWikiServices::getInstance()
            ->getConnectionProvider()->getPrimaryDatabase();
        $between = [];
        $ends = [ '>=' => 'starttimestamp', '<=' => 'timestamp' ];
        foreach ( $ends as $operator => $name ) {
            [ $time, $id ] = explode( '|', $params[$name] );
            $between[] = $dbw->buildComparison( $operator, [
                'rev_timestamp' => $dbw->timestamp( $time ),
                'rev_id' => (int)$id ] );
        }
        $ids = static fn ( $page ) => $dbw->newSelectQueryBuilder()
            ->select( 'rev_id' )->from( 'revision' )
            ->where( [ 'rev_page' => $page->getArticleID(), ...$between ] )
            ->caller( __METHOD__ )->fetchFieldValues();
        $moved = array_map( 'intval', $ids( $from ) );
        if ( count( $moved ) > 5000 ) {
            $this->dieWithError( [ 'mergehistory-fail-toobig', 5000 ] );
        }
        if ( $ids( $to ) ) {
            $this->dieWithError( 'mergehistory-fail-timestamps-overlap' );
        }
        $newest = (int)$dbw->newSelectQueryBuilder()
            ->select( 'MAX(rev_timestamp)' )->from( 'revision' )
            ->where( [ 'rev_id' => $moved ?: [ 0 ] ] )
            ->caller( __METHOD__ )->fetchField();
        $above = (int)$dbw->newSelectQueryBuilder()
            ->select( 'rev_timestamp' )->from( 'revision' )
            ->where( [ 'rev_id' => $to->getLatestRevID() ] )
            ->caller( __METHOD__ )->fetchField();
        if ( $newest > $above
            || in_array( $from->getLatestRevID(), $moved, true ) ) {
            $this->dieWithError(
                'mergehistory-fail-change-current-revision' );
        }
        if ( !$moved ) {
            $this->dieWithError( 'mergehistory-fail-no-change' );
        }
        $dbw->newUpdateQueryBuilder()->update( 'revision' )
            ->set( [ 'rev_page' => $to->getArticleID() ] )
            ->where( [ 'rev_id' => $moved ] )->caller( __METHOD__ )->execute();
        $from->invalidateCache();
        $to->invalidateCache();
        $entries = [ [ 'merge', $from, '4::dest', $to ],
            [ 'merge-into', $to, '4::src', $from ] ];
        foreach ( $entries as [ $kind, $here, $name, $there ] ) {
            $entry = new ManualLogEntry( 'merge', $kind );
            $entry->setPerformer( $this->getUser() );
            $entry->setTarget( $here );
            $entry->setComment( $params['reason'] );
            $entry->setParameters( [ $name => $there->getPrefixedText(),
                '5::mergepoint' => (string)$newest ] );
            $entry->publish( $entry->insert() );
        }
        $this->getResult()->addValue( null, 'mergehistory', [
            'from' => $from->getPrefixedText(),
            'to' => $to->getPrefixedText(),
            'timestamp' => $params['timestamp'],
            'reason' => $params['reason'] ] );
    }
    public function mustBePosted() {
        return true;
    }
    public function isWriteMode() {
        return true;
    }
    public function needsToken() {
        return 'csrf';
    }
    public function getAllowedParams() {
        return [ 'from' => null, 'fromid' => null, 'to' => null,
            'toid' => null, 'timestamp' => null, 'reason' => '',
            'starttimestamp' => null ];
    }
}
$wgAPIModules['mergehistory'] = SandboxUnmerging::class;
$wgLogActionsHandlers['merge/merge-into'] = 'MergeLogFormatter';
"""
